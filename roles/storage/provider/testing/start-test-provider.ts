import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { getBytes, SigningKey, type Wallet } from 'ethers'
import {
  auditResultTypedData,
  createTransactionSender,
  departureTypedData,
  pieceAcceptanceTypedData,
  priceTermsTypedData,
  type TransactionSender,
} from '../../../../contracts/client/index.ts'
import type { TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import type { Allowance } from '../../../api/allowance.ts'
import type { RoleEvent, SignRequest, SubmitRequest } from '../../../api/messages.ts'
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
    sign: (request) => Promise.resolve(sign(test, node, request)),
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

function sign(test: TestProviderOptions['test'], node: Wallet, request: SignRequest): Uint8Array {
  const key = new SigningKey(node.privateKey)
  switch (request.kind) {
    case 'libp2p':
      return secp256k1.sign(request.bytes, getBytes(node.privateKey), { prehash: true, format: 'der', lowS: true })
    case 'pieceAcceptance':
      return getBytes(
        key.sign(
          pieceAcceptanceTypedData(test.network, {
            ...wei(request),
            customer: request.customer,
            piecesHash: request.piecesHash,
            expirySeconds: request.expirySeconds,
            node: node.address,
          }).hash,
        ).serialized,
      )
    case 'priceTerms':
      return getBytes(
        key.sign(priceTermsTypedData(test.network, { ...wei(request), node: node.address }).hash).serialized,
      )
    case 'departure': {
      const { kind: _kind, ...departure } = request
      return getBytes(key.sign(departureTypedData(test.network, { ...departure, node: node.address }).hash).serialized)
    }
    case 'auditResult': {
      const { kind: _kind, ...result } = request
      return getBytes(key.sign(auditResultTypedData(test.network, { ...result, node: node.address }).hash).serialized)
    }
  }
}

function wei(request: Extract<SignRequest, { kind: 'pieceAcceptance' | 'priceTerms' }>) {
  return {
    pricePerGiBPeriodWei: BigInt(request.pricePerGiBPeriodWei),
    retrievalPricePerMiBWei: BigInt(request.retrievalPricePerMiBWei),
    minimumBytesPerSecond: request.minimumBytesPerSecond,
    sequence: request.sequence,
  }
}

async function submit(sender: TransactionSender, request: SubmitRequest) {
  const receipt = await sender.send({ to: request.to, data: request.data }, { timeoutMs: 20_000 })
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
}
