import type { ProbeName, ProbeState } from './inventory.ts'

/** A probe may ask slow tools of the operating system; after this its answer is not waited for. */
export const probeTimeoutMs = 3_000

export type ProbeResult<T> = { readonly state: ProbeState; readonly value: T | null }

class ProbeTimeout extends Error {}

/** Settles with the work or, when that takes too long or is cancelled, rejects; the abandoned work can harm nobody. */
async function within<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal | undefined): Promise<T> {
  work.catch(() => {})
  let release = () => {}
  const limit = new Promise<never>((_, fail) => {
    const timer = setTimeout(() => fail(new ProbeTimeout(`no answer within ${timeoutMs} ms`)), timeoutMs)
    const cancel = () => fail(signal?.reason)
    signal?.addEventListener('abort', cancel, { once: true })
    release = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    }
  })
  try {
    signal?.throwIfAborted()
    return await Promise.race([work, limit])
  } finally {
    release()
  }
}

/**
 * Runs one probe within its time limit and turns every outcome into a value: measured, timed out or failed with the reason.
 * Only a cancelled `signal` rejects, with the signal's reason.
 */
export async function runProbe<T>(
  probe: ProbeName,
  measure: () => Promise<T>,
  options: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<ProbeResult<T>> {
  const startedMs = performance.now()
  const end = (state: ProbeState['state'], message: string | null) => ({
    probe,
    state,
    message,
    tookMs: Math.round(performance.now() - startedMs),
  })
  try {
    // An async wrapper, so that a probe that throws at once is treated as one that rejects.
    const value = await within((async () => await measure())(), options.timeoutMs ?? probeTimeoutMs, options.signal)
    return { state: end('measured', null), value }
  } catch (error) {
    options.signal?.throwIfAborted()
    const message = error instanceof Error ? error.message : String(error)
    return { state: end(error instanceof ProbeTimeout ? 'timedOut' : 'failed', message), value: null }
  }
}

/** Less than a probe's limit: when one part does not answer, the probe can still tell what the others said. */
const partTimeoutMs = 2_500

/** The answer of one part of a probe, or why there is none (`value` is then `null`). */
export type Part<T> = { readonly value: T; readonly error: null } | { readonly value: null; readonly error: unknown }

/** Asks one part of a probe; it may be slow or missing without spoiling the other parts. */
export async function askPart<T>(work: () => Promise<T>, timeoutMs: number = partTimeoutMs): Promise<Part<T>> {
  try {
    return { value: await within((async () => await work())(), timeoutMs, undefined), error: null }
  } catch (error) {
    return { value: null, error }
  }
}
