import { getBytes } from 'ethers'
import { auditResultTypedData, type AuditResult, type PieceEntry } from '../../../contracts/client/index.ts'
import { CancelledError } from '../../api/errors.ts'
import type { FramedStream } from '../../network/index.ts'
import { auditAnswerSchema, countersignedSchema, lateAfterMs, storageAuditProtocol } from '../protocol/audit-frames.ts'
import { isSignedBy, type AuditRecord } from '../protocol/audit-record.ts'
import { verifyLeaf } from '../protocol/prove-leaf.ts'
import { leafCountOf, treeHeight } from '../protocol/tree-shape.ts'
import type { CustomerContext } from './context.ts'
import { hashtreeHasher } from './hashtree-hasher.ts'
import type { NetworkFields } from './upload-piece.ts'

/** A leaf of a piece, as the chain has the piece. */
export type AuditedLeaf = { readonly root: string; readonly lengthBytes: number; readonly leafIndex: number }

/** A provider that does not answer an audit within this time counts as silent. */
const answerTimeoutMs = 20_000
const dialTimeoutMs = 12_000
const signTimeoutMs = 10_000

/** Leaves drawn evenly over all bytes of some pieces. `random` is in [0, 1). */
export function drawLeaves(pieces: readonly PieceEntry[], count: number, random: () => number): AuditedLeaf[] {
  const counted = pieces.filter((piece) => !piece.removed && piece.leafCount > 0)
  const total = counted.reduce((sum, piece) => sum + leafCountOf(piece.lengthBytes), 0)
  if (total === 0) return []
  return Array.from({ length: count }, () => {
    let at = Math.floor(random() * total)
    for (const { root, lengthBytes } of counted) {
      if (at < leafCountOf(lengthBytes)) return { root, lengthBytes, leafIndex: at }
      at -= leafCountOf(lengthBytes)
    }
    throw new RangeError('random() was not below 1.')
  })
}

export type AuditNodeOptions = {
  readonly peerId: string
  readonly node: string
  readonly network: NetworkFields
  readonly leaves: readonly AuditedLeaf[]
  readonly period: number
  readonly nowSeconds: number
  readonly signal?: AbortSignal
}

/**
 * Asks a provider for leaves and signs what came of it. A provider that cannot be reached gets a result as well, `silent`.
 * Returns null when it refused in good order (allowance used up, paused): that says nothing. Throws CancelledError.
 */
export async function auditNode(context: CustomerContext, options: AuditNodeOptions): Promise<AuditRecord | null> {
  const { signal } = options
  const base = { customer: context.wallet.address, node: options.node, period: options.period }
  const blank = { ...base, atSeconds: options.nowSeconds, asked: options.leaves.length }
  let stream: FramedStream | null = null
  try {
    stream = await context.node.open(options.peerId, storageAuditProtocol, { signal, timeoutMs: dialTimeoutMs })
    const counts = await ask(stream, options)
    if (counts === null) return null
    const result: AuditResult = { ...blank, ...counts }
    const customerSignature = await sign(context, result)
    const nodeSignature = await askCountersign(context, stream, result, customerSignature, signal)
    return { ...result, customerSignature, nodeSignature }
  } catch {
    if (signal?.aborted === true) throw new CancelledError('Auditing')
    const counts = { right: 0, late: 0, wrong: 0, silent: blank.asked, latencyMs: 0 }
    const result: AuditResult = { ...blank, ...counts }
    return { ...result, customerSignature: await sign(context, result), nodeSignature: null }
  } finally {
    stream?.abort(new CancelledError('An audit that is over'))
  }
}

type Counts = Pick<AuditResult, 'right' | 'late' | 'wrong' | 'silent' | 'latencyMs'>

/**
 * One question and one answer, judged against the roots of the chain; null for a refusal that is fair. Who says that it knows
 * nothing of a piece that it signed for and is paid for has lost it.
 */
async function ask(stream: FramedStream, { leaves, network, signal }: AuditNodeOptions): Promise<Counts | null> {
  const wait = { signal, timeoutMs: answerTimeoutMs }
  const startedMs = performance.now()
  const asked = leaves.map(({ root, leafIndex }) => ({ root: getBytes(root), leafIndex }))
  await stream.writeFrame({ kind: 'audit', ...network, leaves: asked }, wait)
  const answer = await stream.readFrame(auditAnswerSchema, wait)
  const latencyMs = Math.round(performance.now() - startedMs)
  if (answer.kind === 'refused') {
    if (answer.code === 'paused' || answer.code === 'busy') return null
    const gone = answer.code === 'unknownPiece' ? leaves.length : 0
    return { right: 0, late: 0, wrong: gone, silent: leaves.length - gone, latencyMs }
  }
  const right = leaves.filter((leaf, index) => isRight(leaf, answer.answers[index] ?? null)).length
  const late = latencyMs > lateAfterMs
  return { right: late ? 0 : right, late: late ? right : 0, wrong: leaves.length - right, silent: 0, latencyMs }
}

function isRight(asked: AuditedLeaf, shown: { leaf: Uint8Array; siblings: Uint8Array[] } | null): boolean {
  if (shown === null || shown.siblings.length !== treeHeight(leafCountOf(asked.lengthBytes))) return false
  return verifyLeaf(getBytes(asked.root), asked.leafIndex, shown.leaf, shown.siblings, hashtreeHasher)
}

async function sign({ wallet, chain }: CustomerContext, result: AuditResult): Promise<Uint8Array> {
  const { domain, types, value } = auditResultTypedData(chain.network, result)
  return getBytes(await wallet.signTypedData(domain, types, value))
}

/** The node's signature, or null when it does not agree or does not answer: the customer's own still counts for itself. */
async function askCountersign(
  context: CustomerContext,
  stream: FramedStream,
  result: AuditResult,
  signature: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  const { customer: _customer, node, ...facts } = result
  const wait = { signal, timeoutMs: signTimeoutMs }
  try {
    await stream.writeFrame({ kind: 'auditFound', ...facts, signature }, wait)
    const answer = await stream.readFrame(countersignedSchema, wait)
    if (answer.kind === 'refused') return null
    return isSignedBy(context.chain.network, result, answer.signature, node) ? answer.signature : null
  } catch {
    if (signal?.aborted === true) throw new CancelledError('Auditing')
    return null
  }
}
