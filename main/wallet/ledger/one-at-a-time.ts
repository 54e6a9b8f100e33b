import { StepUnderWayError } from './device-error.ts'

/** Lets the steps on one device follow each other. */
export type Turns = {
  /**
   * Runs a step when those before it are done. While a step that asks the person is waiting or under way, every other one
   * rejects with StepUnderWayError: a second claim must not pile up behind a first one that a person is still reading.
   */
  take<T>(kind: 'quiet' | 'asking', step: () => Promise<T>): Promise<T>
  /** True while a step that asks the person is waiting or under way. */
  asking(): boolean
  /** Resolves when no step is under way. */
  idle(): Promise<void>
}

export function createTurns(): Turns {
  let tail: Promise<void> = Promise.resolve()
  let asking = false
  return {
    asking: () => asking,
    idle: () => tail,
    take(kind, step) {
      if (asking) return Promise.reject(new StepUnderWayError())
      asking = kind === 'asking'
      const turn = tail.then(step)
      tail = turn.then(
        () => {},
        () => {},
      )
      if (kind === 'quiet') return turn
      return turn.finally(() => {
        asking = false
      })
    },
  }
}
