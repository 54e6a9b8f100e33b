import { listRepairNamings, readLatestBlock } from '../../../contracts/client/index.ts'
import { sameAddress } from '../../api/values.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { isHealthy } from '../protocol/plan-repair.ts'
import { neutralScore, type Reputation } from '../protocol/reputation.ts'
import type { CustomerContext } from './context.ts'
import { explainMisses, type ExplainedMiss } from './explain-misses.ts'
import type { Market, SetFacts } from './market.ts'
import { openCurrent } from './open-current.ts'
import { readReputations } from './read-reputations.ts'

/** State of a stored file as the chain shows it (DESIGN 7); unknown = null. */
export type StoreStatus = {
  readonly bytes: number
  readonly segments: number
  /** Segments that hold pieces of several new operators, since too few older ones offered space (PROTOCOL 5.8). */
  readonly spreadWaived: number
  readonly k: number
  readonly n: number
  /**
   * Pieces that a repairer or a home that left has moved since the manifest was written. It is not written anew for that:
   * the chain says where they are, and the manifest finds them for ever.
   */
  readonly piecesMoved: number
  /** Pieces of the worst segment whose set was proved in either of the last two periods. */
  readonly healthy: number
  /** Of the set that ends first; 0 when one has ended. */
  readonly escrowPeriodsLeft: number | null
  /** True below three periods: the file is about to be lost for want of payment (PROTOCOL 5.6). */
  readonly escrowLow: boolean
  /** Until when the set that ends first is paid, in seconds since 1970; null when it costs nothing. */
  readonly paidUntilSeconds: number | null
  /** Who repairs without this computer; empty: it is repaired only while this computer runs (PROTOCOL 5.7). */
  readonly repairers: readonly {
    readonly node: string
    readonly budgetWei: bigint
    readonly endsAtSeconds: number
    /** Pieces whose fee the budget still pays at most; 0: it repairs nothing more. Null where it asks no fee by the piece. */
    readonly piecesPaid: number | null
  }[]
  readonly providers: readonly {
    readonly node: string
    readonly operator: string
    readonly peerId: string | null
    readonly pieces: number
    readonly lastProvenPeriod: number | null
    /** 0 to 100, 50 for a newcomer; the reasons and 50 sum to it. */
    readonly score: number
    readonly reasons: Reputation['reasons']
    /** It refuses downloads: its pieces should move (PROTOCOL 5.6). */
    readonly drop: boolean
    /** Periods since its last proof, newest first, with what is known of why. */
    readonly misses: readonly ExplainedMiss[]
  }[]
}

/** Reads how well a file is kept. Throws ManifestError and errors of the chain; contacts no provider. */
export async function readStoreStatus(context: CustomerContext, manifestFile: Uint8Array): Promise<StoreStatus> {
  const { manifest, written, market } = await openCurrent(context, manifestFile)
  const [providers, sets, currentPeriod] = await Promise.all([
    market.listProviders({ revokedToo: true }),
    market.listSets(),
    market.currentPeriod(),
  ])
  const peerIds = new Map(providers.map((provider) => [provider.node.toLowerCase(), provider.peerId]))
  const byNode = new Map(sets.map((set) => [set.node.toLowerCase(), set]))
  const described = describeProviders(manifest, byNode, peerIds)
  const used = providers.filter(({ node }) => described.some((one) => sameAddress(one.node, node)))
  const judged = new Map((await readReputations(context, market, used)).map((one) => [one.node.toLowerCase(), one]))
  const usedSets = described.flatMap(({ node }) => byNode.get(node.toLowerCase()) ?? [])
  const misses = await explainMisses(context, usedSets, currentPeriod)
  const summary = summarize(manifest, byNode, currentPeriod)
  return {
    ...summary,
    piecesMoved: countMoved(written, manifest),
    ...describeEscrow(summary.escrowPeriodsLeft, currentPeriod, market.periodSeconds),
    repairers: await readRepairers(context, market),
    providers: described.map((one) => {
      const { score = neutralScore, reasons = [], drop = false } = judged.get(one.node.toLowerCase()) ?? {}
      return { ...one, score, reasons, drop, misses: misses.get(one.node.toLowerCase()) ?? [] }
    }),
  }
}

function piecesPaidBy(budgetWei: bigint, feePerPieceWei: bigint): number | null {
  if (budgetWei === 0n) return 0
  return feePerPieceWei === 0n ? null : Number(budgetWei / feePerPieceWei)
}

/** Pieces that lie elsewhere than the manifest says. Pure. */
export function countMoved(written: Pick<Manifest, 'segments'>, current: Pick<Manifest, 'segments'>): number {
  const placesOf = ({ segments }: Pick<Manifest, 'segments'>): string[] =>
    segments.flatMap(({ pieces }) => pieces.map(({ node }) => node.toLowerCase()))
  const before = placesOf(written)
  return placesOf(current).filter((node, at) => node !== before[at]).length
}

/** Fewer periods than this and the customer is warned (PROTOCOL 5.6). */
const warnBelowPeriods = 3

/** What the periods left mean: a warning and a date. Pure. */
export function describeEscrow(
  periodsLeft: number | null,
  currentPeriod: number,
  periodSeconds: number,
): Pick<StoreStatus, 'escrowLow' | 'paidUntilSeconds'> {
  if (periodsLeft === null) return { escrowLow: false, paidUntilSeconds: null }
  return {
    escrowLow: periodsLeft < warnBelowPeriods,
    paidUntilSeconds: (currentPeriod + 1 + periodsLeft) * periodSeconds,
  }
}

async function readRepairers({ chain }: CustomerContext, { customer }: Market): Promise<StoreStatus['repairers']> {
  const { timestampSeconds } = await readLatestBlock(chain)
  return (await listRepairNamings(chain, customer))
    .filter(({ endsAtSeconds }) => endsAtSeconds > timestampSeconds)
    .map(({ repairer, budgetWei, endsAtSeconds, terms }) => ({
      node: repairer,
      budgetWei,
      endsAtSeconds,
      piecesPaid: piecesPaidBy(budgetWei, terms.feePerPieceWei),
    }))
}

function summarize(manifest: Manifest, sets: ReadonlyMap<string, SetFacts>, currentPeriod: number) {
  const healthyOf = (nodes: readonly string[]): number =>
    nodes.filter((node) => isHealthy(sets.get(node.toLowerCase()), currentPeriod)).length
  const escrows = nodesOf(manifest).map((node) => escrowPeriodsLeft(sets.get(node.toLowerCase())))
  const known = escrows.filter((periods) => periods !== null)
  return {
    bytes: manifest.bytes,
    segments: manifest.segments.length,
    spreadWaived: manifest.spreadWaived.length,
    k: manifest.k,
    n: manifest.n,
    healthy: Math.min(...manifest.segments.map((segment) => healthyOf(segment.pieces.map((piece) => piece.node)))),
    escrowPeriodsLeft: known.length > 0 ? Math.min(...known) : null,
  }
}

/** Periods that a set's escrow still pays, rounded down; null when it costs nothing. */
export function escrowPeriodsLeft(set: SetFacts | undefined): number | null {
  if (set?.state !== 'active') return 0
  return set.rateWei === 0n ? null : Number(set.escrowWei / set.rateWei)
}

function nodesOf(manifest: Manifest): string[] {
  return [...new Set(manifest.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))]
}

function describeProviders(
  manifest: Manifest,
  sets: ReadonlyMap<string, SetFacts>,
  peerIds: ReadonlyMap<string, string>,
) {
  const pieces = manifest.segments.flatMap((segment) => segment.pieces)
  return nodesOf(manifest).map((node) => ({
    node,
    operator: sets.get(node.toLowerCase())?.operator ?? pieces.find((piece) => piece.node === node)!.operator,
    peerId: peerIds.get(node.toLowerCase()) ?? null,
    pieces: pieces.filter((piece) => piece.node === node).length,
    lastProvenPeriod: sets.get(node.toLowerCase())?.lastProvenPeriod ?? null,
  }))
}
