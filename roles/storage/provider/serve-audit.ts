import { currentPeriod, type AuditResult } from '../../../contracts/client/index.ts'
import type { FramedStream } from '../../network/index.ts'
import {
  askReputationSchema,
  auditFoundSchema,
  auditSchema,
  lateAfterMs,
  mostShownResults,
  type AuditFound,
} from '../protocol/audit-frames.ts'
import { isSignedBy } from '../protocol/audit-record.ts'
import { blockBytes, leafCountOf } from '../protocol/tree-shape.ts'
import { answerRefusals } from './answer-refusals.ts'
import type { AuditBudget } from './audit-budget.ts'
import type { AuditLog } from './audit-log.ts'
import { RefusedError } from './errors.ts'
import { rootText } from './piece-root.ts'
import { proveStoredLeaf } from './prove-stored-leaf.ts'
import { assertSameNetwork, assertServing, type ServeContext } from './serve-context.ts'
import type { Throttle } from '../../upkeep/throttle.ts'
import type { Timing } from './timing.ts'

/** What the audit handlers need beside what all handlers share. */
export type AuditParts = {
  readonly budget: AuditBudget
  readonly log: AuditLog
  /** Holds reading for audits below what a proof would notice. */
  readonly reading: Throttle
  readonly timing: Timing
}

/** Bytes a second that all audits together may read. */
export const auditBytesPerSecond = 1024 * 1024

const frameTimeoutMs = 15_000
/** How far a customer's clock may be off. */
const clockToleranceSeconds = 900

type Answer = { readonly leaf: Uint8Array; readonly siblings: Uint8Array[] } | null

/** Shows random leaves of a customer's own pieces, then signs what the customer found where that is what happened. */
export async function serveAudit(context: ServeContext, parts: AuditParts, stream: FramedStream): Promise<void> {
  await answerRefusals(stream, async () => {
    const request = await stream.readFrame(auditSchema, { timeoutMs: frameTimeoutMs })
    const startedMs = performance.now()
    assertSameNetwork(context.network, request)
    assertServing(context)
    const customer = stream.remoteAddress
    const leaves = request.leaves.map(({ root, leafIndex }) => ({ root: rootText(root), leafIndex }))
    if (!leaves.every(({ root }) => context.store.index.holds(root, customer)))
      throw new RefusedError('unknownPiece', 'Only pieces that are held for you can be audited by you.')
    const period = currentPeriod(context.nowSeconds(), parts.timing)
    parts.budget.take(customer, leaves.length, period)
    const answers = await parts.budget.inTurn(async () => {
      const shown: Answer[] = []
      for (const leaf of leaves) shown.push(await showLeaf(context, parts, leaf))
      return shown
    })
    await stream.writeFrame({ kind: 'auditAnswer', answers }, { timeoutMs: frameTimeoutMs })
    const found = await stream.readFrame(auditFoundSchema, { timeoutMs: frameTimeoutMs })
    const elapsedMs = performance.now() - startedMs
    const signature = await countersign(context, parts, { customer, answers, found, period, elapsedMs })
    await stream.writeFrame({ kind: 'countersigned', signature }, { timeoutMs: frameTimeoutMs })
  })
}

/** A leaf with its path, or null when the piece is gone or damaged; a wrong proof never leaves. */
async function showLeaf(
  context: ServeContext,
  parts: AuditParts,
  { root, leafIndex }: { root: `0x${string}`; leafIndex: number },
): Promise<Answer> {
  await parts.reading.pass(blockBytes)
  const piece = context.store.index.piece(root)
  if (piece !== null && leafIndex >= leafCountOf(piece.lengthBytes))
    throw new RefusedError('badRequest', `Piece ${root} has no leaf ${leafIndex}.`)
  try {
    const { leaf, siblings } = await proveStoredLeaf(context.store, root, leafIndex)
    return { leaf, siblings }
  } catch (error) {
    context.role.log.warn('An audit asked for a piece that cannot be shown.', { root, error: String(error) })
    return null
  }
}

type Outcome = {
  readonly customer: string
  readonly answers: readonly Answer[]
  readonly found: AuditFound
  readonly period: number
  readonly elapsedMs: number
}

/** This node's name under a result that is true as far as it can see. Throws RefusedError for any other. */
async function countersign(context: ServeContext, parts: AuditParts, outcome: Outcome): Promise<Uint8Array> {
  const { kind: _kind, signature, ...facts } = outcome.found
  const result: AuditResult = { ...facts, customer: outcome.customer, node: context.role.start.node }
  const objection = objectionTo(result, outcome, context.nowSeconds())
  if (objection !== null) throw new RefusedError('badRequest', objection)
  if (!isSignedBy(context.network, result, signature, outcome.customer))
    throw new RefusedError('badRequest', 'The result does not carry your signature.')
  const { node: _node, ...request } = result
  const nodeSignature = await context.role.sign({ kind: 'auditResult', ...request })
  parts.log.keep({ ...result, customerSignature: signature, nodeSignature })
  context.role.changed()
  return nodeSignature
}

/** Why a result is not what happened here, or null. */
function objectionTo(result: AuditResult, { answers, period, elapsedMs }: Outcome, nowSeconds: number): string | null {
  const missing = answers.filter((answer) => answer === null).length
  if (result.asked !== answers.length || result.right + result.late + result.wrong + result.silent !== result.asked)
    return 'The counts are not those of this audit.'
  if (result.wrong !== missing || result.silent !== 0) return 'Every leaf that was shown here was right.'
  if (result.late > 0 && elapsedMs < lateAfterMs / 2) return 'This audit was not late.'
  if (result.latencyMs > elapsedMs + 1_000) return 'It did not take that long.'
  if (Math.abs(result.period - period) > 1) return `This is period ${period}.`
  return Math.abs(result.atSeconds - nowSeconds) > clockToleranceSeconds ? 'The time is not that of this audit.' : null
}

/** Shows the newest results that customers signed about this node. What they are worth is for the asker to judge. */
export async function serveReputation(context: ServeContext, log: AuditLog, stream: FramedStream): Promise<void> {
  await answerRefusals(stream, async () => {
    assertSameNetwork(context.network, await stream.readFrame(askReputationSchema, { timeoutMs: frameTimeoutMs }))
    const results = log.newest(mostShownResults).map(({ node: _node, ...shown }) => shown)
    await stream.writeFrame({ kind: 'reputation', results }, { timeoutMs: frameTimeoutMs })
  })
}
