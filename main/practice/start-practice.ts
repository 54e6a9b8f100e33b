import { HearthError, serializeError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import { networkFileSchema, type NetworkFile } from '../../contracts/client/index.ts'
import type { Platform } from '../api/platform.ts'
import { openHome, type Home } from '../store/index.ts'
import { startChild, type PracticeChild } from './child.ts'
import { compileCacheEnvironment } from './compile-cache.ts'
import {
  fromChainSchema,
  fromCustomerSchema,
  fromNeighbourSchema,
  type FromChain,
  type FromCustomer,
  type FromNeighbour,
  type NeighbourIdentity,
} from './messages.ts'
import { canBindManyAddresses, listenAddress } from './neighbours/listen-address.ts'
import { neighbourDirectory } from './neighbours/neighbour-keys.ts'
import { canRender } from './neighbours/render-neighbours.ts'
import { publishRunning, withdrawRunning, type Neighbour } from './running-file.ts'

/** A home stands on a real network already. */
export class HomeOnOtherNetworkError extends HearthError {}

/** How far the start is, for a progress bar. */
export type PracticeProgress = { readonly step: string; readonly done: number; readonly total: number }

/** A practice network that this process owns. */
export type PracticeNetwork = {
  readonly networkPath: string
  readonly network: NetworkFile
  readonly neighbours: readonly Neighbour[]
  /** Plain words when the chain was made anew, else null. */
  readonly notice: string | null
  /** Resolves with the reason when the network ends, by `stop` or because its chain ended. */
  readonly exited: Promise<string>
  /** Ends every process; the state is saved. Idempotent. */
  stop(): Promise<void>
}

export type StartPracticeOptions = {
  readonly homeDirectory: string
  readonly platform: Platform
  readonly neighbours?: number
  /** Port of the chain's proxy; null or absent = any free one. */
  readonly port?: number | null
  /** False leaves the practice customer away, for tests that count every transaction. */
  readonly customer?: boolean
  readonly log: Log
  readonly onProgress?: (progress: PracticeProgress) => void
  readonly signal?: AbortSignal
}

export const defaultNeighbours = 16

const chainReadyTimeoutMs = 60_000
const neighbourReadyTimeoutMs = 60_000
const stopDeadlineMs = 4_000
const chainStopDeadlineMs = 8_000

type Parts = {
  readonly chain: PracticeChild<FromChain>
  readonly neighbours: readonly PracticeChild<FromNeighbour>[]
  readonly customer: PracticeChild<FromCustomer> | null
}

/**
 * Starts chain, neighbours and customer of a home and returns when a customer could store a file.
 *
 * Rejects with HomeInUseError when this home's practice network runs already (see `attachPractice`), with
 * HomeOnOtherNetworkError when the home is on a real network. On any failure nothing is left running.
 */
export async function startPractice(o: StartPracticeOptions): Promise<PracticeNetwork> {
  const home = openHome(o.homeDirectory)
  await refuseOtherNetwork(home)
  const lock = home.lock('practice')
  const parts = forkAll(home, o)
  try {
    const started = await bringUp(home, parts, o)
    return own(home, parts, started, () => lock.release(), o.log)
  } catch (error) {
    await stopAll(parts)
    lock.release()
    throw error
  }
}

async function refuseOtherNetwork(home: Home): Promise<void> {
  const current = await home.network.read()
  if (current === null || current.practice) return
  throw new HomeOnOtherNetworkError('HOME_ON_OTHER_NETWORK', `The home ${home.directory} is on another network.`, {
    action: 'Choose another folder with --home, so that keys and pieces of two networks stay apart.',
  })
}

/** Everything is forked at once: loading the code takes longer than making the chain. */
function forkAll(home: Home, o: StartPracticeOptions): Parts {
  const { platform, log } = o
  const env = compileCacheEnvironment()
  home.practiceDirectory()
  const chain = startChild({
    platform,
    entry: 'practice-chain',
    name: 'practice chain',
    schema: fromChainSchema,
    env,
    log,
  })
  const neighbours = Array.from({ length: o.neighbours ?? defaultNeighbours }, (_, index) =>
    startChild({ platform, entry: 'neighbour', name: `neighbour ${index + 1}`, schema: fromNeighbourSchema, env, log }),
  )
  const customer =
    o.customer === false
      ? null
      : startChild({
          platform,
          entry: 'practice-customer',
          name: 'practice customer',
          schema: fromCustomerSchema,
          env,
          log,
        })
  return { chain, neighbours, customer }
}

type Started = {
  readonly network: NetworkFile
  readonly neighbours: readonly Neighbour[]
  readonly notice: string | null
  readonly anvilPid: number
}

async function bringUp(home: Home, parts: Parts, o: StartPracticeOptions): Promise<Started> {
  const { signal } = o
  const total = parts.neighbours.length + 3
  let done = 0
  const progress = (step: string) => o.onProgress?.({ step, done: done++, total })
  progress('chain')
  relayLogs(parts, o.log)
  const practiceDirectory = home.practiceDirectory()
  parts.chain.send({ kind: 'start', practiceDirectory, neighbours: parts.neighbours.length, port: o.port ?? null })
  const chain = await parts.chain.waitFor('ready', { timeoutMs: chainReadyTimeoutMs, signal })
  const base = networkFileSchema.parse(chain.network)
  progress('neighbours')
  const manyAddresses = await canBindManyAddresses()
  const neighbours = await Promise.all(
    parts.neighbours.map(async (child, index) => {
      const neighbour = await startNeighbour(child, index, practiceDirectory, base, manyAddresses, signal)
      progress('neighbours')
      return neighbour
    }),
  )
  const bootstrapPeers = neighbours.flatMap((neighbour) => neighbour.multiaddrs)
  for (const child of parts.neighbours) child.send({ kind: 'bootstrapPeers', multiaddrs: bootstrapPeers })
  const network: NetworkFile = { ...base, bootstrapPeers }
  await home.network.write(network)
  parts.chain.onMessage((message) => {
    if (message.kind !== 'renderWanted') return
    for (const child of parts.neighbours.filter((_, index) => canRender(index))) child.send({ kind: 'startRender' })
  })
  startCustomer(parts, practiceDirectory, network, chain.neighbours, o.log)
  progress('customer')
  return { network, neighbours, notice: chain.notice, anvilPid: chain.anvilPid }
}

async function startNeighbour(
  child: PracticeChild<FromNeighbour>,
  index: number,
  practiceDirectory: string,
  network: NetworkFile,
  manyAddresses: boolean,
  signal: AbortSignal | undefined,
): Promise<Neighbour & { multiaddrs: string[] }> {
  const directory = neighbourDirectory(practiceDirectory, index)
  child.send({ kind: 'start', index, directory, network, listen: [listenAddress(index, manyAddresses)] })
  const ready = await child.waitFor('ready', { timeoutMs: neighbourReadyTimeoutMs, signal })
  const { operator, node, peerId, roles, multiaddrs } = ready
  return { operator, node, peerId, pid: child.pid, roles, multiaddrs }
}

/** The customer is not waited for: the network serves without it, and it begins within a second or two. */
function startCustomer(
  parts: Parts,
  practiceDirectory: string,
  network: NetworkFile,
  neighbours: readonly NeighbourIdentity[],
  log: Log,
): void {
  if (parts.customer === null) return
  const nodes = neighbours.map((neighbour) => neighbour.node)
  const operators = neighbours.map((neighbour) => neighbour.operator)
  const directory = `${practiceDirectory}/customer`
  parts.customer.send({ kind: 'start', directory, network, neighbours: nodes, operators })
  parts.customer
    .waitFor('ready', { timeoutMs: neighbourReadyTimeoutMs })
    .catch((error: unknown) => log.warn('The practice customer did not start.', { ...serializeError(error) }))
}

/** What the chain says matters to whoever runs it; what befalls a neighbour or the customer is for those who look closer. */
function relayLogs(parts: Parts, log: Log): void {
  parts.chain.onMessage((message) => {
    if (message.kind === 'log') log[message.level](message.message)
  })
  for (const child of [...parts.neighbours, ...(parts.customer === null ? [] : [parts.customer])]) {
    child.onMessage((message: FromNeighbour | FromCustomer) => {
      if (message.kind === 'log') log.debug(`${child.name}: ${message.message}`)
      if (message.kind === 'stored') log.debug(`${child.name} stored ${message.lengthBytes} bytes.`)
      if (message.kind === 'rendered') {
        log.debug(`${child.name} had ${message.units} parts rendered and refused ${message.refused}.`)
      }
      if (message.kind === 'fetched') log.debug(`${child.name} read ${message.lengthBytes} bytes back.`)
    })
  }
}

async function own(
  home: Home,
  parts: Parts,
  started: Started,
  release: () => void,
  log: Log,
): Promise<PracticeNetwork> {
  const { network, notice, anvilPid } = started
  const neighbours = started.neighbours.map(({ operator, node, peerId, pid, roles }) => ({
    operator,
    node,
    peerId,
    pid,
    roles,
  }))
  const networkPath = home.network.path
  await publishRunning(home.directory, { formatVersion: 1, ownerPid: process.pid, networkPath, anvilPid, neighbours })
  let ended: Promise<void> | null = null
  let tell: (reason: string) => void = () => {}
  const exited = new Promise<string>((resolve) => {
    tell = resolve
  })
  const end = (reason: string) =>
    (ended ??= (async () => {
      await withdrawRunning(home.directory)
      await stopAll(parts)
      release()
      tell(reason)
    })())
  void parts.chain.exited.then((how) => end(`The practice chain ended (${how}).`))
  for (const child of parts.neighbours) {
    // A neighbour that was killed stays away until the next start: that is what practice is for.
    void child.exited.then(
      (how) => ended ?? log.warn(`${child.name} ended (${how}) and stays away until the next start.`),
    )
  }
  return { networkPath, network, neighbours, notice, exited, stop: () => end('Stopped.') }
}

/** Customer and neighbours first, then the chain, so that their last proofs are in the state that is saved. */
async function stopAll(parts: Parts): Promise<void> {
  await Promise.all([parts.customer, ...parts.neighbours].map((child) => child?.stop(stopDeadlineMs)))
  await parts.chain.stop(chainStopDeadlineMs)
}
