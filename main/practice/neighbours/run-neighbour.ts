import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SigningKey, Wallet, getBytes } from 'ethers'
import {
  createTransactionSender,
  networkFileSchema,
  openChain,
  type NetworkFile,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import type { Allowance } from '../../../roles/api/allowance.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import type { OpenRenderSurface } from '../../../roles/api/render-surface.ts'
import type { RoleName } from '../../../roles/api/roles.ts'
import type { Log } from '../../../roles/api/values.ts'
import type { RunningRole } from '../../../roles/api/worker.ts'
import { createLocalRoleContext, type LocalContext } from '../../../roles/host/local-context.ts'
import { startStorageRole } from '../../../roles/storage/index.ts'
import { createRoleSigner } from '../../app/role-signer.ts'
import { assertWorkCall } from '../../app/work-calls.ts'
import { enrol } from '../customer/enrol.ts'
import { openCustomer } from '../customer/open-customer.ts'
import { ensureNeighbourKeys } from './neighbour-keys.ts'
import { canRender, cheats } from './render-neighbours.ts'
import { repairByTickets } from './repair-tickets.ts'
import { openTicketFolder } from './ticket-folder.ts'

/** A neighbour that serves. */
export type RunningNeighbour = {
  readonly operator: string
  readonly node: string
  /** Where it can be reached now. */
  address(): { readonly peerId: string; readonly multiaddrs: readonly string[] }
  /** What it does, or does when it is told to. */
  readonly roles: readonly RoleName[]
  setBootstrapPeers(multiaddrs: readonly string[]): void
  /** Begins to render, where it can; asking again changes nothing. */
  startRender(): void
  stop(): Promise<void>
}

const GiB = 1024 ** 3

/** Practice households give what their disk has, within reason: files of several GiB must find room on twelve of them. */
const neighbourAllowance: Allowance = {
  work: 'full',
  reason: 'allowed',
  resumesAtMs: null,
  diskLimitBytes: 8 * GiB,
  diskReserveBytes: GiB,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  cpuShare: null,
  // All of them share the processors of one computer with the person's own work.
  gpuShare: 0.5,
}

const submitTimeoutMs = 60_000
/** A quarter of a practice period: a loss shows once in a period. */
const repairLookMs = 7_500

export type NeighbourOptions = {
  /** From 0. */
  readonly index: number
  readonly directory: string
  readonly network: unknown
  readonly listen: readonly string[]
  readonly openSurface: OpenRenderSurface
  readonly log: (level: 'info' | 'warn', message: string) => void
}

/**
 * Starts the storage role of a neighbour in this process, with a signer and a gas account of its own. One of those that can
 * render begins with it when it is told to: until then it costs nothing.
 */
export async function runNeighbour(o: NeighbourOptions): Promise<RunningNeighbour> {
  const network = networkFileSchema.parse(o.network)
  const keys = await ensureNeighbourKeys(o.directory)
  const chain = openChain(network)
  const sender = createTransactionSender(chain, new Wallet(keys.gas, chain.provider))
  const household: Household = { ...o, network, operator: new Wallet(keys.operator).address, sender }
  const storage = await openRole(household, 'storage', keys.storage)
  const running = await startStorageRole(storage.context)
  const stopping = new AbortController()
  let bootstrapPeers: readonly string[] = network.bootstrapPeers
  const networkNow = (): NetworkFile => ({ ...network, bootstrapPeers: [...bootstrapPeers] })
  const repairing = repairForOthers(o, networkNow, keys.storage, stopping.signal)
  let rendering: Promise<RunningRole | null> | null = null
  return {
    operator: household.operator,
    node: storage.context.start.node,
    roles: canRender(o.index) ? ['storage', 'render'] : ['storage'],
    address() {
      const { peerId, multiaddrs } = running.status()
      if (peerId === null) throw new HearthError('NEIGHBOUR_UNREACHABLE', `The neighbour ${o.index} has no peer id.`)
      return { peerId, multiaddrs }
    },
    setBootstrapPeers(multiaddrs) {
      bootstrapPeers = multiaddrs
      storage.setBootstrapPeers(multiaddrs)
    },
    startRender() {
      rendering ??= canRender(o.index) ? startRendering({ ...household, network: networkNow() }, keys.render) : null
    },
    async stop() {
      stopping.abort()
      await Promise.all([running.stop(), repairing, rendering?.then((role) => role?.stop())])
      sender.close()
      chain.close()
    },
  }
}

/** The render role of a neighbour; one of them hands in half the work. Never rejects: what is in the way is logged. */
async function startRendering(household: Household, privateKeyHex: string): Promise<RunningRole | null> {
  try {
    const { context } = await openRole(household, 'render', privateKeyHex)
    // Loaded only now: sixteen processes that start at once should not read what most of them never run.
    const { startRenderRole } = await import('../../../roles/render/index.ts')
    return await startRenderRole(context, cheats(household.index) ? { misbehave: 'halfSamples' } : {})
  } catch (error) {
    household.log('warn', `It cannot render: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

type Household = NeighbourOptions & {
  readonly network: NetworkFile
  readonly operator: string
  readonly sender: TransactionSender
}

/** What a role of this household runs in: its key signs here, its gas account sends here. */
async function openRole(o: Household, role: 'storage' | 'render', privateKeyHex: string): Promise<LocalContext> {
  const node = new Wallet(privateKeyHex).address
  const dataDirectory = join(o.directory, role)
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  return createLocalRoleContext({
    start: {
      role,
      node,
      operator: o.operator,
      nodePublicKey: SigningKey.computePublicKey(privateKeyHex, true),
      network: o.network,
      dataDirectory,
      workDirectory: dataDirectory,
      listen: o.listen,
      allowance: neighbourAllowance,
    },
    log: neighbourLog(o.log),
    sign: createRoleSigner({ privateKey: getBytes(privateKeyHex), node, network: o.network }),
    openSurface: o.openSurface,
    async submit(request, options) {
      assertWorkCall(request, o.network)
      const call = { to: request.to, data: request.data }
      const receipt = await o.sender.send(call, { timeoutMs: submitTimeoutMs, ...options })
      return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
    },
  })
}

/** A neighbour that a customer of this network names as repairer does it, with the account of its node. */
async function repairForOthers(
  o: { directory: string; log: (level: 'info' | 'warn', message: string) => void },
  networkNow: () => NetworkFile,
  privateKeyHex: string,
  signal: AbortSignal,
): Promise<void> {
  const dataDirectory = join(o.directory, 'repairer')
  await repairByTickets({
    tickets: openTicketFolder(o.directory),
    async open() {
      const opened = await openCustomer({
        ...{ network: networkNow(), privateKeyHex, dataDirectory },
        ...{ log: neighbourLog(o.log), signal },
      })
      await enrol(opened.context.chain, { customer: opened.context.wallet.address })
      return opened
    },
    lookEveryMs: repairLookMs,
    onOutcome: ({ kind, piecesMoved }) => {
      if (kind === 'repaired') o.log('info', `Repaired ${piecesMoved} pieces of a customer's file.`)
    },
    onProblem: (message) => o.log('warn', `A repair was not done: ${message}`),
    signal,
  })
}

function neighbourLog(post: (level: 'info' | 'warn', message: string) => void): Log {
  const say = (level: 'info' | 'warn') => (message: string, details?: Readonly<Record<string, unknown>>) =>
    post(level, details === undefined ? message : `${message} ${describe(details)}`)
  return { debug() {}, info() {}, warn: say('warn'), error: say('warn') }
}

function describe(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : String(value)}`)
    .join(' ')
}
