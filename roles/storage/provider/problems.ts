import type { RoleContext } from '../../api/worker.ts'

/** One thing that is wrong now, in words for a person. */
export type Problem = { readonly code: string; readonly message: string; readonly action: string | null }

/** Keeps the open problems; each is told once when it begins and once when it ends. */
export type Problems = {
  raise(problem: Problem): void
  solve(code: string): void
  list(): Problem[]
}

/** Worst first, as `RoleStatus.problems` wants them; codes that are not listed come last. */
const order = [
  'DISK_MISSING',
  'DISK_WRONG',
  'DISK_READ_ONLY',
  'DISK_DENIED',
  'DISK_FAULT',
  'PIECE_DAMAGED',
  'PIECE_LOST',
  'CHAIN_LOST',
  'DISK_SLOW',
  'DISK_FULL',
]

/** The problems of one role, announced through its context. */
export function createProblems(context: Pick<RoleContext, 'emit' | 'changed'>): Problems {
  const open = new Map<string, Problem>()
  const rank = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length)
  return {
    raise(problem) {
      const before = open.get(problem.code)
      open.set(problem.code, problem)
      if (before?.message === problem.message) return
      context.emit({ kind: 'problem', ...problem })
      context.changed()
    },
    solve(code) {
      if (!open.delete(code)) return
      context.emit({ kind: 'problemSolved', code })
      context.changed()
    },
    list: () => [...open.values()].sort((left, right) => rank(left.code) - rank(right.code)),
  }
}

/** The problem of pieces that no longer read as they were written. */
export function damagedPieces(count: number): Problem {
  const pieces =
    count === 1 ? 'One stored piece no longer reads as it was' : `${count} stored pieces no longer read as they were`
  return {
    code: 'PIECE_DAMAGED',
    message: `${pieces} written. Damaged pieces are not served.`,
    action: 'Check this disk; it may be failing.',
  }
}
