import type { RoleContext } from '../api/worker.ts'

/** One thing that is wrong now, in words for a person. */
export type Problem = { readonly code: string; readonly message: string; readonly action: string | null }

/** Keeps the open problems; each is told once when it begins and once when it ends. */
export type Problems = {
  raise(problem: Problem): void
  solve(code: string): void
  list(): Problem[]
}

/**
 * The problems of one role, announced through its context. `order` lists codes worst first, as `RoleStatus.problems` wants them; codes that are not
 * listed come last.
 */
export function createProblems(context: Pick<RoleContext, 'emit' | 'changed'>, order: readonly string[]): Problems {
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
