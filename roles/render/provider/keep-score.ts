import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { Problems } from '../../upkeep/problems.ts'
import { repeat } from '../../upkeep/repeat.ts'
import type { Patience } from '../surface/engine-channel.ts'
import { measureScore, savedScore, type Score } from './measure-score.ts'
import type { TaskBook } from './task-book.ts'

/** Knows whether this machine can render, and how fast. */
export type ScoreKeeper = {
  score(): Score | null
  /** `measuring` while the benchmark runs, `none` where no place to render can be had. */
  state(): 'unknown' | 'measuring' | 'none' | 'known'
  /** Looks until there is a score; then ends. */
  run(signal: AbortSignal): Promise<void>
}

export type ScoreKeeperParts = {
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log' | 'allowance'>
  readonly openSurface: OpenRenderSurface
  readonly book: TaskBook
  readonly problems: Problems
  readonly patience?: Patience
}

/** A display that is plugged in, or a package that is installed, is noticed within this time. */
const retryMs = 60_000
const pausedRetryMs = 2_000

export function createScoreKeeper(parts: ScoreKeeperParts): ScoreKeeper {
  const { context, problems } = parts
  let score = savedScore(parts.book)
  let state: ReturnType<ScoreKeeper['state']> = score === null ? 'unknown' : 'known'
  const move = (next: typeof state): void => {
    state = next
    context.changed()
  }
  const measure = async (signal: AbortSignal): Promise<void> => {
    move('measuring')
    try {
      score = await measureScore({ ...parts, log: context.log, signal })
      problems.solve('NO_SURFACE')
      move('known')
      const { megasamplesPerSecond, device } = score
      context.emit({ kind: 'renderBenchmarked', megasamplesPerSecond, device })
    } catch (error) {
      move('none')
      if (signal.aborted) return
      const action =
        error instanceof Error && 'action' in error && typeof error.action === 'string' ? error.action : null
      problems.raise({ code: 'NO_SURFACE', message: `This computer cannot render now: ${messageOf(error)}`, action })
    }
  }
  return {
    score: () => score,
    state: () => state,
    async run(signal) {
      const done = new AbortController()
      const both = AbortSignal.any([signal, done.signal])
      if (score !== null) return
      let nextMs = 0
      await repeat(
        pausedRetryMs,
        both,
        async () => {
          if (Date.now() < nextMs || context.allowance().work === 'paused') return
          await measure(signal)
          nextMs = Date.now() + retryMs
          if (score !== null) done.abort()
        },
        (error) => context.log.warn('Measuring failed.', { error: String(error) }),
      )
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
