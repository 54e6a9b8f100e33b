import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SigningKey, Wallet, getBytes } from 'ethers'
import {
  createTransactionSender,
  networkFileSchema,
  openChain,
  type NetworkFile,
} from '../../../contracts/client/index.ts'
import type { Allowance } from '../../../roles/api/allowance.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import type { Log } from '../../../roles/api/values.ts'
import { createLocalRoleContext } from '../../../roles/host/local-context.ts'
import { startStorageRole } from '../../../roles/storage/index.ts'
import { createRoleSigner } from '../../app/role-signer.ts'
import { assertWorkCall } from '../../app/work-calls.ts'
import { enrol } from '../customer/enrol.ts'
import { openCustomer } from '../customer/open-customer.ts'
import { ensureNeighbourKeys } from './neighbour-keys.ts'
import { repairByTickets } from './repair-tickets.ts'
import { openTicketFolder } from './ticket-folder.ts'

/** A neighbour that serves. */
export type RunningNeighbour = {
  readonly operator: string
  readonly node: string
  /** Where it can be reached now. */
  address(): { readonly peerId: string; readonly multiaddrs: readonly string[] }
  setBootstrapPeers(multiaddrs: readonly string[]): void
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
}

const submitTimeoutMs = 60_000
/** A quarter of a practice period: a loss shows once in a period. */
const repairLookMs = 7_500

/** Starts the storage role of a neighbour in this process, with a signer and a gas account of its own. */
export async function runNeighbour(o: {
  directory: string
  network: unknown
  listen: readonly string[]
  log: (level: 'info' | 'warn', message: string) => void
}): Promise<RunningNeighbour> {
  const network = networkFileSchema.parse(o.network)
  const keys = await ensureNeighbourKeys(o.directory)
  const operator = new Wallet(keys.operator).address
  const node = new Wallet(keys.storage).address
  const chain = openChain(network)
  const sender = createTransactionSender(chain, new Wallet(keys.gas, chain.provider))
  const dataDirectory = join(o.directory, 'storage')
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  const local = createLocalRoleContext({
    start: {
      role: 'storage',
      node,
      operator,
      nodePublicKey: SigningKey.computePublicKey(keys.storage, true),
      network,
      dataDirectory,
      workDirectory: dataDirectory,
      listen: o.listen,
      allowance: neighbourAllowance,
    },
    log: neighbourLog(o.log),
    sign: createRoleSigner({ privateKey: getBytes(keys.storage), node, network }),
    async submit(request, options) {
      assertWorkCall(request, network)
      const call = { to: request.to, data: request.data }
      const receipt = await sender.send(call, { timeoutMs: submitTimeoutMs, ...options })
      return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
    },
  })
  const running = await startStorageRole(local.context)
  const stopping = new AbortController()
  let bootstrapPeers: readonly string[] = network.bootstrapPeers
  const networkNow = (): NetworkFile => ({ ...network, bootstrapPeers: [...bootstrapPeers] })
  const repairing = repairForOthers(o, networkNow, keys.storage, stopping.signal)
  return {
    operator,
    node,
    address() {
      const { peerId, multiaddrs } = running.status()
      if (peerId === null) throw new HearthError('NEIGHBOUR_UNREACHABLE', `The neighbour ${node} has no peer id.`)
      return { peerId, multiaddrs }
    },
    setBootstrapPeers(multiaddrs) {
      bootstrapPeers = multiaddrs
      local.setBootstrapPeers(multiaddrs)
    },
    async stop() {
      stopping.abort()
      await Promise.all([running.stop(), repairing])
      sender.close()
      chain.close()
    },
  }
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
