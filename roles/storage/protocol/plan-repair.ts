import { repairThreshold } from './profiles.ts'

/** A set as far as health goes: what the chain last recorded of it. */
export type ProvenSet = {
  readonly state: 'none' | 'active' | 'dropping' | 'ended'
  readonly lastProvenPeriod: number | null
  /** The first period that can be proven. */
  readonly firstPeriod: number
}

/** True when the set was proved in the running period or one of the two before it, or is too young to have been. */
export function isHealthy(set: ProvenSet | undefined, currentPeriod: number): boolean {
  if (set?.state !== 'active') return false
  if (set.lastProvenPeriod !== null && set.lastProvenPeriod >= currentPeriod - 2) return true
  return set.firstPeriod >= currentPeriod - 1
}

type Piece = { readonly index: number; readonly node: string }

/** One segment that must be rebuilt: which pieces stay and how many are missing. */
export type SegmentRepair<P extends Piece = Piece> = {
  readonly segmentIndex: number
  readonly kept: readonly P[]
  readonly lost: readonly P[]
  /** Pieces to make: n less those that are kept. */
  readonly missing: number
}

/**
 * Which segments to rebuild, those with the fewest healthy pieces first. Pure.
 *
 * A segment is due at k + (n - k) / 3 healthy pieces or fewer (`repairThreshold`): later would risk it, earlier would move bytes for
 * homes that are back tomorrow. With `everything`, every segment that lacks a piece is due.
 */
export function planRepair<P extends Piece>(
  file: { readonly k: number; readonly n: number; readonly segments: readonly { readonly pieces: readonly P[] }[] },
  holds: (node: string) => boolean,
  options: { readonly everything?: boolean } = {},
): SegmentRepair<P>[] {
  const most = options.everything === true ? file.n - 1 : repairThreshold(file.k, file.n)
  return file.segments
    .map(({ pieces }, segmentIndex) => {
      const kept = pieces.filter((piece) => holds(piece.node))
      const lost = pieces.filter((piece) => !holds(piece.node))
      return { segmentIndex, kept, lost, missing: Math.max(0, file.n - kept.length) }
    })
    .filter((segment) => segment.kept.length <= most)
    .sort((left, right) => left.kept.length - right.kept.length || left.segmentIndex - right.segmentIndex)
}
