import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes, type Wallet } from 'ethers'
import { createTransactionSender, type TransactionSender } from '../../../../contracts/client/index.ts'
import type { TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import { createRoleSigner } from '../../../../main/app/role-signer.ts'
import type { Allowance } from '../../../api/allowance.ts'
import type { RoleEvent, SubmitRequest } from '../../../api/messages.ts'
import { silentLog, type Log } from '../../../api/values.ts'
import type { RoleContext, RunningRole } from '../../../api/worker.ts'
import { startStorageRole } from '../start-storage-role.ts'
import { everythingAllowed } from './everything-allowed.ts'

/** A provider in this process, with what a test needs to see and to change. */
export type TestProvider = {
  readonly role: RunningRole
  readonly events: RoleEvent[]
  readonly workDirectory: string
  setAllowance(allowance: Partial<Allowance>): void
  eventsOf<Kind extends RoleEvent['kind']>(kind: Kind): Extract<RoleEvent, { kind: Kind }>[]
  stop(): Promise<void>
}

export type TestProviderOptions = {
  readonly test: Pick<TestChain, 'chain' | 'network'>
  readonly node: Wallet
  readonly operator: string
  /** Pays for gas. */
  readonly gas: Wallet
  readonly directory: string
  readonly workDirectory?: string
  readonly listen?: readonly string[]
  readonly bootstrapPeers?: readonly string[]
  readonly allowance?: Partial<Allowance>
  readonly log?: Log
  readonly onEvent?: (event: RoleEvent) => void
}

/** Starts the real role with a signer and a sender in this process. */
export async function startTestProvider(options: TestProviderOptions): Promise<TestProvider> {
  const { test, node } = options
  const events: RoleEvent[] = []
  const listeners = new Set<(allowance: Allowance) => void>()
  let allowance: Allowance = { ...everythingAllowed, ...options.allowance }
  const sender = createTransactionSender(test.chain, options.gas)
  const workDirectory = options.workDirectory ?? join(options.directory, 'pieces')
  mkdirSync(workDirectory, { recursive: true })
  const context: RoleContext = {
    start: {
      role: 'storage',
      node: node.address,
      operator: options.operator,
      nodePublicKey: node.signingKey.compressedPublicKey,
      network: { ...test.network, bootstrapPeers: [...(options.bootstrapPeers ?? [])] },
      dataDirectory: options.directory,
      workDirectory,
      listen: options.listen ?? ['/ip4/127.0.0.1/tcp/0'],
      allowance,
    },
    log: options.log ?? silentLog,
    allowance: () => allowance,
    onAllowance(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onBootstrapPeers: () => () => undefined,
    sign: createRoleSigner({ privateKey: getBytes(node.privateKey), node: node.address, network: test.network }),
    submit: (request) => submit(sender, request),
    emit(event) {
      events.push(event)
      options.onEvent?.(event)
    },
    changed: () => undefined,
  }
  const role = await startStorageRole(context)
  return {
    role,
    events,
    workDirectory,
    setAllowance(change) {
      allowance = { ...allowance, ...change }
      for (const listener of listeners) listener(allowance)
    },
    eventsOf: (kind) =>
      events.filter((event): event is Extract<RoleEvent, { kind: typeof kind }> => event.kind === kind),
    async stop() {
      await role.stop()
      sender.close()
    },
  }
}

async function submit(sender: TransactionSender, request: SubmitRequest) {
  const receipt = await sender.send({ to: request.to, data: request.data }, { timeoutMs: 20_000 })
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
}
