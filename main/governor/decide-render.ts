import type { Allowance, ReasonCode } from '../../roles/api/allowance.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import { untilResumedMs } from './until-resumed.ts'

/** What is known of the graphics processor and of whoever sits before it; null = this machine cannot tell. */
export type GraphicsReading = {
  /** Epoch milliseconds when programs other than ours last kept it busy; null when they never did since the start. */
  readonly usedByOthersAtMs: number | null
  /** Epoch milliseconds when it or the processor was last too hot. */
  readonly hotAtMs: number | null
  /** Above `warmCelsius` it is given pauses; null unknown. */
  readonly celsius: number | null
  readonly idleSeconds: number | null
  readonly fullScreenApp: boolean | null
}

/** Share of the time that rendering keeps the graphics processor busy when the person has set none. */
export const usualGpuShare = 0.75
/** While somebody is at the keyboard the screen must stay smooth. */
export const activeGpuShare = 0.4
/** A card is made for 85 °C and more; the fans of a living room are not. */
export const hotCelsius = 85
export const warmCelsius = 78
/** Other programs that keep it busy beyond this share are the person's: a game, a film, a drawing. */
export const othersBusyShare = 0.3
/** So long after the last moment of use or heat it stays paused, so that a loading screen does not start it. */
export const calmAfterUseMs = 30_000
export const coolDownMs = 60_000
const activeSeconds = 60

type Verdict = Pick<Allowance, 'work' | 'reason' | 'resumesAtMs'> & { readonly gpuShare: number }

export type RenderReadings = {
  readonly nowMs: number
  readonly onBattery: boolean | null
  readonly graphics: GraphicsReading | null
}

/**
 * What rendering may use now. Pure. Rules in order, the first that applies names the reason: switched off; paused by the
 * person; too hot (the one rule that "run anyway" does not lift); battery; full-screen app; the person's own use of the
 * graphics processor; warm or at the keyboard: less of it. A pause leaves a unit where it is; the worker goes on from there.
 */
export function decideRender(settings: Settings, intent: RoleIntent, readings: RenderReadings): Verdict {
  const { nowMs, onBattery, graphics } = readings
  const share = intent.gpuShare ?? usualGpuShare
  if (!intent.on) return paused('switchedOff', null)
  const pausedUntilMs = Math.max(settings.pausedAllUntilMs ?? 0, intent.pausedUntilMs ?? 0)
  if (pausedUntilMs > nowMs) return paused('pausedByPerson', finite(pausedUntilMs))
  const cooledAtMs = (graphics?.hotAtMs ?? -Infinity) + coolDownMs
  if (cooledAtMs > nowMs) return paused('tooWarm', cooledAtMs)
  const runAnywayUntilMs = intent.runAnywayUntilMs ?? 0
  if (runAnywayUntilMs > nowMs) {
    return { work: 'full', reason: 'runNowOverride', resumesAtMs: finite(runAnywayUntilMs), gpuShare: share }
  }
  return comfort(settings, share, { nowMs, onBattery, graphics })
}

/** The rules that keep it out of the person's way. */
function comfort(settings: Settings, share: number, { nowMs, onBattery, graphics }: RenderReadings): Verdict {
  if (settings.pauseOnBattery && onBattery === true) return paused('onBattery', null)
  if (graphics?.fullScreenApp === true) return paused('fullScreenApp', null)
  const calmAtMs = (graphics?.usedByOthersAtMs ?? -Infinity) + calmAfterUseMs
  if (calmAtMs > nowMs) return paused('gpuInUse', calmAtMs)
  if ((graphics?.celsius ?? 0) >= warmCelsius) return less('tooWarm', share / 2)
  const isActive = graphics !== null && graphics.idleSeconds !== null && graphics.idleSeconds < activeSeconds
  if (isActive && share > activeGpuShare) return less('userActive', activeGpuShare)
  return { work: 'full', reason: 'allowed', resumesAtMs: null, gpuShare: share }
}

function paused(reason: ReasonCode, resumesAtMs: number | null): Verdict {
  return { work: 'paused', reason, resumesAtMs, gpuShare: 0 }
}

function less(reason: ReasonCode, gpuShare: number): Verdict {
  return { work: 'throttled', reason, resumesAtMs: null, gpuShare }
}

function finite(untilMs: number): number | null {
  return untilMs === untilResumedMs ? null : untilMs
}
