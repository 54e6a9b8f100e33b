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
 * homes that are back tomorrow. With `everything`, every segment that lacks a piece is due. A piece at a node of `unwanted`, one
 * that refuses downloads (PROTOCOL 5.6), leaves it in any case, however many others there are; but only that piece does.
 */
export function planRepair<P extends Piece>(
  file: { readonly k: number; readonly n: number; readonly segments: readonly { readonly pieces: readonly P[] }[] },
  holds: (node: string) => boolean,
  options: { readonly everything?: boolean; readonly unwanted?: (node: string) => boolean } = {},
): SegmentRepair<P>[] {
  const { unwanted = () => false } = options
  const most = options.everything === true ? file.n - 1 : repairThreshold(file.k, file.n)
  return file.segments
    .map(({ pieces }, segmentIndex) => {
      const good = pieces.filter(({ node }) => holds(node) && !unwanted(node))
      const due = good.length <= most
      const kept = due ? good : pieces.filter(({ node }) => !unwanted(node))
      const lost = pieces.filter((piece) => !kept.includes(piece))
      return { segmentIndex, kept, lost, missing: due ? Math.max(0, file.n - kept.length) : lost.length }
    })
    .filter(({ missing }) => missing > 0)
    .sort((left, right) => left.kept.length - right.kept.length || left.segmentIndex - right.segmentIndex)
}
