import { EngineFailure } from './failure.ts'

/** How often a paused engine looks whether it may go on or was cancelled. */
const pauseStepMs = 50
/** Longest rest after one draw, so that a tiny share still moves. */
const maxRestMs = 5_000

/** Keeps the graphics card busy only for a share of the time: after each draw it rests in proportion. */
export type Pace = {
  set(dutyShare: number): void
  report(busyMs: number): void
  /**
   * Waits until the next draw may start, and says whether the card is to rest after it. Throws EngineFailure when cancelled
   * meanwhile.
   */
  wait(signal: AbortSignal): Promise<boolean>
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

/** Gives waiting messages their turn without the delay of a timer. */
function letMessagesIn(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      done()
    }
    port2.postMessage(null)
  })
}

export function makePace(): Pace {
  let share = 1
  let busyMs = 0
  let endedAtMs = 0
  const restMs = (): number => (share === 0 ? Infinity : Math.min(maxRestMs, busyMs * (1 / share - 1)))
  return {
    set(dutyShare) {
      share = dutyShare
    },
    report(ms) {
      busyMs = ms
      endedAtMs = performance.now()
    },
    async wait(signal) {
      await letMessagesIn()
      for (;;) {
        if (signal.aborted) throw new EngineFailure('cancelled', 'The work was cancelled.')
        const leftMs = endedAtMs + restMs() - performance.now()
        if (leftMs <= 0) return share < 1
        await pause(Math.min(leftMs, pauseStepMs))
      }
    },
  }
}
