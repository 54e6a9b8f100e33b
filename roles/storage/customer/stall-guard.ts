import { TimeoutError } from '../../api/errors.ts'
import { linkSignal } from '../../upkeep/linked-signal.ts'

/** A signal that aborts when the outer one does, or when nothing was reported for `stallMs`. */
export type StallGuard = {
  readonly signal: AbortSignal
  /** Something moved; the clock starts anew. */
  progress(): void
  /** Why it aborted by itself, or null. */
  stalled(): TimeoutError | null
  release(): void
}

/** Bounds a transfer by its pauses instead of its length, so that slow homes are served and dead ones are not waited for. */
export function createStallGuard(what: string, stallMs: number, outer?: AbortSignal): StallGuard {
  const link = linkSignal(outer)
  let error: TimeoutError | null = null
  const stall = (): void => {
    error = new TimeoutError(what, stallMs)
    link.abort(error)
  }
  let timer = setTimeout(stall, stallMs)
  return {
    signal: link.signal,
    stalled: () => error,
    progress() {
      clearTimeout(timer)
      if (!link.signal.aborted) timer = setTimeout(stall, stallMs)
    },
    release() {
      clearTimeout(timer)
      link.release()
    },
  }
}
