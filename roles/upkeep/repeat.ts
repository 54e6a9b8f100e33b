import { setTimeout as wait } from 'node:timers/promises'

/** Runs `task` every `everyMs` until `signal` fires; a failure is told and does not end it. Resolves at the end. */
export async function repeat(
  everyMs: number,
  signal: AbortSignal,
  task: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await task()
    } catch (error) {
      if (!signal.aborted) onError(error)
    }
    await wait(everyMs * (0.9 + Math.random() * 0.2), undefined, { signal, ref: false }).catch(() => undefined)
  }
}
