import type { Log } from '../../roles/api/values.ts'
import { hotCelsius, othersBusyShare } from '../governor/index.ts'
import type { GraphicsReading } from '../governor/index.ts'
import type { EngineResources, GpuLoad } from './engine-options.ts'

/** A game is noticed within this time and a second of the governor. */
const lookMs = 2_000

/** What the governor knows of the graphics processor. */
export type GraphicsWatch = {
  /** `ownShare` is what our own rendering uses of it now, since drivers count everybody together. */
  read(options: { nowMs: number; ownShare: number; idleSeconds: number | null }): GraphicsReading
}

/** Looks at the graphics processor while it is asked for, at most every two seconds; nothing runs when nobody asks. */
export function watchGraphics(o: { readGpuLoad: EngineResources['readGpuLoad']; log: Log }): GraphicsWatch {
  let load: GpuLoad = { busyShare: null, celsius: null }
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let looking = false
  let usedByOthersAtMs: number | null = null
  let hotAtMs: number | null = null
  let ownShareSince = 0

  async function look(nowMs: number, ownShareThen: number): Promise<void> {
    looking = true
    try {
      load = await o.readGpuLoad()
      if (othersShare(load.busyShare, ownShareThen) > othersBusyShare) usedByOthersAtMs = nowMs
      if ((load.celsius ?? 0) >= hotCelsius) hotAtMs = nowMs
    } catch (error) {
      o.log.warn('The graphics processor could not be looked at.', { error })
    } finally {
      looking = false
    }
  }

  return {
    read({ nowMs, ownShare, idleSeconds }) {
      // The most that was ours since the last look is still in what the driver counts.
      ownShareSince = Math.max(ownShareSince, ownShare)
      if (!looking && nowMs - lookedAtMs >= lookMs) {
        lookedAtMs = nowMs
        void look(nowMs, ownShareSince)
        ownShareSince = ownShare
      }
      return { usedByOthersAtMs, hotAtMs, celsius: load.celsius, idleSeconds, fullScreenApp: null }
    },
  }
}

/** What other programs use of it, when ours use `ownShare`. */
function othersShare(busyShare: number | null, ownShare: number): number {
  return busyShare === null ? 0 : Math.max(0, busyShare - ownShare)
}
