import type { Undo } from '../../../api/values.ts'
import type { RootText } from '../piece-root.ts'

/** Roots whose file is on its way in, out or between disks; two such ways must never cross. */
export type PieceLocks = {
  has(root: RootText): boolean
  /** Takes a root; null when somebody has it. */
  take(root: RootText): Undo | null
}

export function createPieceLocks(): PieceLocks {
  const taken = new Set<RootText>()
  return {
    has: (root) => taken.has(root),
    take(root) {
      if (taken.has(root)) return null
      taken.add(root)
      return () => void taken.delete(root)
    },
  }
}
