import { setMaxListeners } from 'node:events'

/** A signal of one's own that also aborts with an outer one. Many may listen to it; the outer one gets one listener. */
export type LinkedSignal = {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
  /** Lets go of the outer signal. */
  release(): void
}

/** Whoever makes one releases it, or the outer signal keeps it alive. */
export function linkSignal(outer: AbortSignal | undefined): LinkedSignal {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  const onOuter = (): void => controller.abort(outer?.reason)
  if (outer?.aborted) onOuter()
  outer?.addEventListener('abort', onOuter, { once: true })
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => outer?.removeEventListener('abort', onOuter),
  }
}
