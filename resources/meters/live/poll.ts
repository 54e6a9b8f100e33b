import { setTimeout as wait } from 'node:timers/promises'

/** Calls `once` every `intervalMs` until it rejects or the signal ends; the next call waits for the one before. */
export async function poll(intervalMs: number, signal: AbortSignal, once: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now()
    await once()
    const restMs = Math.max(0, intervalMs - (performance.now() - startedMs))
    await wait(restMs, undefined, { signal }).catch(() => {})
  }
}
