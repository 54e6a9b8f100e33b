import type { OutputStream } from './output.ts'
import { formatBytes, formatTimeLeft } from './format.ts'
import { createRateMeter } from './rate-meter.ts'

/** Progress of one task. */
export type Progress = {
  update(state: { label?: string; done: number; total: number; unit?: 'bytes' | 'steps' }): void
  /** Removes the bar; what follows begins on a clean line. */
  end(): void
}

/** Redrawn at most this often, so that a slow terminal does not slow the work. */
const redrawEveryMs = 100

/** A bar on a terminal; silent elsewhere, since a log file full of carriage returns helps nobody. */
export function createProgressBar(label: string, stream: OutputStream): Progress {
  if (stream.isTTY !== true) return { update() {}, end() {} }
  let lastDrawnMs = -redrawEveryMs
  let meter = createRateMeter()
  let lastLabel = label
  return {
    update(state) {
      const nowMs = performance.now()
      // Another phase has another pace.
      if ((state.label ?? label) !== lastLabel) meter = createRateMeter()
      lastLabel = state.label ?? label
      meter.add(nowMs, state.done)
      if (nowMs - lastDrawnMs < redrawEveryMs && state.done < state.total) return
      lastDrawnMs = nowMs
      stream.write(`\r\u001b[K${drawBar({ label, ...state, perSecond: meter.perSecond() }, stream.columns ?? 80)}`)
    },
    end: () => void stream.write('\r\u001b[K'),
  }
}

/** The bar as text that fits the width. */
export function drawBar(
  state: { label: string; done: number; total: number; unit?: 'bytes' | 'steps'; perSecond?: number | null },
  columns: number,
): string {
  const share = state.total <= 0 ? 0 : Math.min(1, Math.max(0, state.done / state.total))
  const show = state.unit === 'bytes' ? formatBytes : String
  const figures = `${show(state.done)} of ${show(state.total)}${paceOf(state, show)}`
  const room = Math.max(0, Math.min(30, columns - state.label.length - figures.length - 6))
  const filled = Math.floor(room * share)
  return `${state.label} [${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${figures}`.slice(
    0,
    Math.max(0, columns - 1),
  )
}

/** Rate and time left, once a rate is known and something is left. */
function paceOf(
  { done, total, perSecond }: { done: number; total: number; perSecond?: number | null },
  show: (amount: number) => string,
): string {
  if (perSecond === undefined || perSecond === null || perSecond <= 0 || done >= total) return ''
  return `, ${show(Math.round(perSecond))}/s, ${formatTimeLeft((total - done) / perSecond)} left`
}
