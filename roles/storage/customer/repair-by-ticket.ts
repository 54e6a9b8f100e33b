import {
  ContractCallError,
  encodeRepair,
  encodeSettleRepairFee,
  listPieces,
  readLatestBlock,
  readNode,
  readOpenRepairFee,
  readRepairNaming,
  readSeed,
  readTiming,
  listRepairedNodes,
  seedSlotOfPeriod,
  type RepairNaming,
} from '../../../contracts/client/index.ts'
import { HearthError } from '../../api/errors.ts'
import { sameAddress } from '../../api/values.ts'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { isHealthy, planRepair } from '../protocol/plan-repair.ts'
import type { RepairTicket } from '../protocol/repair-ticket.ts'
import type { Acceptance } from './accept-batch.ts'
import { askForSignature, type Agreement } from './agree.ts'
import type { CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import type { Offer } from './find-providers.ts'
import type { Market, SetFacts } from './market.ts'
import { rebuildFile, type DueSegment } from './rebuild-file.ts'
import { refreshHolders } from './refresh-holders.ts'

/** The customer does not let this repairer work, or not for more. */
export class RepairRefusedError extends HearthError {}

/** What one look at a ticket led to. */
export type TicketOutcome = {
  readonly kind: 'nothingDue' | 'waiting' | 'repaired'
  /** Healthy pieces of the worst segment, of n, before the repair. */
  readonly healthy: number
  readonly piecesMoved: number
  readonly nodes: readonly string[]
  /** Nodes whose proof let the fee for earlier repairs be paid. */
  readonly feesSettled: readonly string[]
  readonly budgetLeftWei: bigint
}

export type TicketOptions = {
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'rebuilding' | 'agreeing' | 'paying', bytesDone: number, bytesTotal: number) => void
}

type PieceAt = { readonly node: string; readonly index: number }
type Job = {
  readonly context: CustomerContext
  readonly market: Market
  readonly ticket: RepairTicket
  readonly naming: RepairNaming
  readonly options: TicketOptions
}

/** Bound of a transaction; a repair moves at most one batch of pieces. */
const transactionTimeoutMs = 120_000

/**
 * Looks after one file of a customer who has named this node: collects fees that are proven, and when a segment is due
 * rebuilds its lost pieces onto strangers, paid from the customer's budget (PROTOCOL 5.7). `waiting`: due, but the chain cannot tell
 * yet whether the last period was missed, the cap of this period is used up, or no stranger takes a piece; look again later.
 *
 * The caller pays for fetching k pieces from its own tokens and for gas; the fee is for both. No more is rebuilt than budget
 * and cap of the period pay for: the rest follows in later periods. Throws RepairRefusedError NOT_NAMED, BUDGET_TOO_SMALL and
 * TICKET_OTHER_NETWORK, and what rebuilding throws.
 */
export async function repairByTicket(
  context: CustomerContext,
  ticket: RepairTicket,
  options: TicketOptions = {},
): Promise<TicketOutcome> {
  const market = await createMarket(context, { customer: ticket.customer })
  const job = { context, market, ticket, naming: await requireNaming(context, market, ticket), options }
  const sets = new Map((await market.listSets()).map((set) => [set.node.toLowerCase(), set]))
  const feesSettled = await settleFees(job, sets)
  const file = await market.followHeirs(await refreshHolders(context.chain, ticket.customer, ticket, options))
  const period = await market.currentPeriod()
  const holds = (node: string): boolean => isHealthy(sets.get(node.toLowerCase()), period)
  const healthy = Math.min(...file.segments.map(({ pieces }) => pieces.filter(({ node }) => holds(node)).length))
  const places = new Map<string, PieceAt>()
  const due = await movable(job, planRepair(file, holds), sets, places)
  const idle = { healthy, piecesMoved: 0, nodes: [], feesSettled, budgetLeftWei: job.naming.budgetWei }
  if (due.length === 0) return { kind: 'nothingDue', ...idle }
  if (!(await isDecided(context, period))) return { kind: 'waiting', ...idle }
  const paid = payable(job, due)
  if (paid.length === 0) return { kind: 'waiting', ...idle }
  const { agreements } = await rebuildFile({
    context,
    market,
    file,
    due: paid,
    maskKeyOf: (index) => ticket.segments[index]!.maskKey,
    accepts: await acceptableTo(job),
    asManyAsFit: true,
    signal: options.signal,
    onProgress: options.onProgress,
  })
  if (agreements.length === 0) return { kind: 'waiting', ...idle }
  const moved = await moveAll(job, agreements, places)
  const naming = await readRepairNaming(context.chain, ticket)
  return { ...idle, kind: 'repaired', ...moved, budgetLeftWei: naming?.budgetWei ?? 0n }
}

async function requireNaming(context: CustomerContext, market: Market, ticket: RepairTicket): Promise<RepairNaming> {
  const { network } = market
  if (ticket.chainId !== network.chainId || !sameAddress(ticket.market, network.market)) {
    throw new RepairRefusedError('TICKET_OTHER_NETWORK', `This ticket belongs to chain ${ticket.chainId}.`, {
      action: 'Choose the network on which the file was stored with --network.',
    })
  }
  const naming = await readRepairNaming(context.chain, ticket)
  const { timestampSeconds } = await readLatestBlock(context.chain)
  if (naming !== null && timestampSeconds < naming.endsAtSeconds) return naming
  throw new RepairRefusedError('NOT_NAMED', `Customer ${ticket.customer} does not name this node as a repairer now.`, {
    action: 'The naming ended or was taken back; delete the ticket, or ask the customer.',
  })
}

async function settleFees({ context, ticket }: Job, sets: ReadonlyMap<string, SetFacts>): Promise<string[]> {
  const { chain, sender } = context
  const settled: string[] = []
  for (const node of await listRepairedNodes(chain, ticket.customer)) {
    const of = { customer: ticket.customer, repairer: ticket.repairer, node }
    const { feeWei, period } = await readOpenRepairFee(chain, of)
    const lastProven = sets.get(node.toLowerCase())?.lastProvenPeriod ?? 0
    if (feeWei === 0n || lastProven <= period) continue
    await sender.send(encodeSettleRepairFee(chain.network, of), { timeoutMs: transactionTimeoutMs })
    settled.push(node)
  }
  return settled
}

/** Segments with the rows that may be moved: lost ones whose set still runs. Notes where each of them lies on chain. */
async function movable(
  { context, ticket }: Job,
  planned: readonly DueSegment[],
  sets: ReadonlyMap<string, SetFacts>,
  places: Map<string, PieceAt>,
): Promise<DueSegment[]> {
  const nodes = new Set(planned.flatMap(({ lost }) => lost.map(({ node }) => node.toLowerCase())))
  for (const node of nodes) {
    if (sets.get(node)?.state !== 'active') continue
    for (const { root, index, removed } of await listPieces(context.chain, ticket.customer, node)) {
      if (!removed) places.set(root, { node, index })
    }
  }
  return planned
    .map((segment) => {
      const rows = segment.lost.filter(({ root }) => places.has(hexOf(root))).map(({ index }) => index)
      return { ...segment, rows, missing: rows.length }
    })
    .filter(({ missing }) => missing > 0)
}

/** The contract must know that the last period was missed, which it does from the running period's seed on. */
async function isDecided({ chain }: CustomerContext, period: number): Promise<boolean> {
  return (await readSeed(chain, seedSlotOfPeriod(period, await readTiming(chain)))).seed !== null
}

/** The part of what is due whose fees can be paid now; empty when the next period must be waited for. */
function payable({ naming }: Job, due: readonly DueSegment[]): DueSegment[] {
  const { budgetWei, spentWei, terms } = naming
  const mostWei = budgetWei < terms.spendCapPerPeriodWei ? budgetWei : terms.spendCapPerPeriodWei
  if (mostWei === 0n || mostWei < terms.feePerPieceWei) throw budgetTooSmall(budgetWei)
  const leftWei = terms.spendCapPerPeriodWei - spentWei
  return affordable(due, leftWei < budgetWei ? leftWei : budgetWei, terms.feePerPieceWei)
}

/** As many of the due rows as `leftWei` pays the fee for, worst segments first. Pure. */
export function affordable(due: readonly DueSegment[], leftWei: bigint, feePerPieceWei: bigint): DueSegment[] {
  let left = feePerPieceWei === 0n ? Infinity : Number(leftWei / feePerPieceWei)
  const paid: DueSegment[] = []
  for (const segment of due) {
    const rows = segment.rows?.slice(0, Math.max(0, left)) ?? []
    left -= rows.length
    if (rows.length > 0) paid.push({ ...segment, rows, missing: rows.length })
  }
  return paid
}

function budgetTooSmall(budgetWei: bigint): RepairRefusedError {
  return new RepairRefusedError('BUDGET_TOO_SMALL', `The budget for repairs is used up: ${budgetWei} wei are left.`, {
    action: 'The customer can add to it with `hearth store repairer MANIFEST --name NODE --budget TOKENS`.',
    details: { budgetWei: budgetWei.toString() },
  })
}

/** Offers within the customer's price caps that are not the repairer's own. */
async function acceptableTo({ context, ticket, naming }: Job): Promise<(offer: Offer) => boolean> {
  const own = (await readNode(context.chain, ticket.repairer))?.operator ?? null
  const { priceCapPerGiBPeriodWei, retrievalPriceCapPerMiBWei } = naming.terms
  return (offer) =>
    offer.pricePerGiBPeriodWei <= priceCapPerGiBPeriodWei &&
    offer.retrievalPricePerMiBWei <= retrievalPriceCapPerMiBWei &&
    (own === null || !sameAddress(offer.operator, own))
}

/** Moves home by home until all is done or the cap of the period is reached; a budget that ends before the first throws. */
async function moveAll(
  job: Job,
  agreements: readonly Agreement[],
  places: ReadonlyMap<string, PieceAt>,
): Promise<Pick<TicketOutcome, 'piecesMoved' | 'nodes'>> {
  const nodes: string[] = []
  let piecesMoved = 0
  for (const [index, agreement] of agreements.entries()) {
    job.options.onProgress?.('paying', index, agreements.length)
    try {
      piecesMoved += await movePieces(job, agreement, places)
      nodes.push(agreement.offer.node)
    } catch (error) {
      if (piecesMoved === 0 || !(error instanceof RepairRefusedError)) throw error
      break
    }
  }
  return { piecesMoved, nodes }
}

async function movePieces(job: Job, agreement: Agreement, places: ReadonlyMap<string, PieceAt>): Promise<number> {
  const { context, market } = job
  const { offer, first, later } = agreement
  await move(job, offer, first, places)
  for (const [index, batch] of later.entries()) {
    const sequence = first.sequence + 1 + index
    await move(job, offer, await askForSignature(market, context.node, offer, batch, { sequence }), places)
  }
  return later.reduce((sum, batch) => sum + batch.length, first.pieces.length)
}

async function move(
  { context, ticket }: Job,
  offer: Offer,
  acceptance: Acceptance,
  places: ReadonlyMap<string, PieceAt>,
): Promise<void> {
  const { chain, sender } = context
  const { customer } = ticket
  const lost = inGroups(acceptance.pieces.map(({ root }) => places.get(hexOf(root))!))
  try {
    const call = encodeRepair(chain.network, { ...acceptance, customer, node: offer.node, lost })
    await sender.send(call, { timeoutMs: transactionTimeoutMs })
  } catch (error) {
    const ended = error instanceof ContractCallError && /^(EscrowTooSmall|SpendAboveCap)$/.test(error.errorName)
    if (!ended) throw error
    throw budgetTooSmall((await readRepairNaming(chain, ticket))?.budgetWei ?? 0n)
  }
}

/** Neighbours on one node together; the order must stay that of the acceptance. */
function inGroups(places: readonly PieceAt[]): { node: string; indices: number[] }[] {
  const groups: { node: string; indices: number[] }[] = []
  for (const { node, index } of places) {
    const last = groups.at(-1)
    if (last?.node === node) last.indices.push(index)
    else groups.push({ node, indices: [index] })
  }
  return groups
}

function hexOf(root: ManifestPiece['root']): string {
  return `0x${Buffer.from(root).toString('hex')}`
}
