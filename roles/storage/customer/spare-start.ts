/** When uploads beyond those that are needed begin. */
export type SpareStart = {
  /** Resolves, once, when they should begin. */
  readonly started: Promise<void>
  /** A needed upload has arrived. */
  onPlaced(): void
  /** One of the needed uploads failed, or nobody waits any more. Idempotent. */
  startNow(): void
}

/**
 * Spares begin when the needed uploads lag: `enough` of them have arrived and as much time again has passed. With zero they
 * begin at once.
 */
export function createSpareStart(enough: number): SpareStart {
  let startNow = (): void => {}
  const started = new Promise<void>((resolve) => (startNow = resolve))
  const begunMs = performance.now()
  let placed = 0
  let timer: NodeJS.Timeout | undefined
  if (enough === 0) startNow()
  return {
    started,
    onPlaced() {
      if (++placed === enough) timer = setTimeout(startNow, performance.now() - begunMs)
    },
    startNow() {
      clearTimeout(timer)
      startNow()
    },
  }
}
