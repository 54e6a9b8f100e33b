import { create } from 'zustand'

/** Relative times need no finer step; a hidden window needs none at all. */
const tickMs = 1000

const useClock = create<{ readonly nowMs: number }>(() => ({ nowMs: Date.now() }))

/** Moves the clock on while the window is visible, until the undo is called. */
export function followClock(): () => void {
  const tick = (): void => {
    if (document.visibilityState === 'visible') useClock.setState({ nowMs: Date.now() })
  }
  const timer = setInterval(tick, tickMs)
  document.addEventListener('visibilitychange', tick)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/** The present moment for relative times, renewed every `stepMs` so that slow text does not render every second. */
export function useNow(stepMs: number = tickMs): number {
  return useClock(({ nowMs }) => Math.floor(nowMs / stepMs) * stepMs)
}
