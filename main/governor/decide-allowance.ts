import type { Allowance, ReasonCode } from '../../roles/api/allowance.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'

/** The disk of a role as last looked at, or why it cannot be used. */
export type DiskReading =
  | {
      readonly kind: 'usable'
      /** Bytes that this user may still write there. */
      readonly freeBytes: number
      /** Bytes that this role occupies there already. */
      readonly usedByRoleBytes: number
    }
  | { readonly kind: 'readOnly' }
  | { readonly kind: 'unavailable' }

/** Everything that the governor looks at besides the rules; null = this machine cannot tell. */
export type Readings = {
  /** Epoch milliseconds, since rules name times of day. */
  readonly nowMs: number
  readonly onBattery: boolean | null
  /** Null for a role that keeps nothing on disk. */
  readonly disk: DiskReading | null
}

/** "Until I say so" as a time, since settings keep a number: JSON has no infinity. */
export const untilResumedMs = Number.MAX_SAFE_INTEGER

/**
 * Free space is passed on in steps of this size, rounded down, so that a busy disk does not change every role's allowance
 * every second. At most one piece less fits because of it.
 */
const diskStepBytes = 16 * 1024 * 1024

type Verdict = Pick<Allowance, 'work' | 'reason' | 'resumesAtMs'>

/**
 * What one role may use now. Pure: the same settings and readings always give the same allowance.
 *
 * Rules in order, the first that applies names the reason: switched off; paused by the person (also stronger than "run
 * anyway", since it is the plainer wish); disk gone or read-only; battery; free-space reserve; disk limit. "Run anyway"
 * lifts the rules of comfort (battery), never those of the disk. At a disk bound the role is throttled, not stopped: it
 * serves and proves what it holds and takes nothing new.
 */
export function decideAllowance(settings: Settings, readings: Readings, role: RoleName): Allowance {
  const intent = settings.roles[role] ?? untouchedIntent
  return {
    ...verdict(settings, intent, readings),
    diskLimitBytes: diskLimit(settings, intent, readings.disk),
    diskReserveBytes: settings.diskReserveBytes,
    uploadBytesPerSecond: intent.uploadBytesPerSecond,
    downloadBytesPerSecond: intent.downloadBytesPerSecond,
    cpuShare: null,
  }
}

function verdict(settings: Settings, intent: RoleIntent, { nowMs, onBattery, disk }: Readings): Verdict {
  if (!intent.on) return paused('switchedOff', null)
  const pausedUntilMs = Math.max(settings.pausedAllUntilMs ?? 0, intent.pausedUntilMs ?? 0)
  if (pausedUntilMs > nowMs) return paused('pausedByPerson', pausedUntilMs === untilResumedMs ? null : pausedUntilMs)
  if (disk?.kind === 'unavailable') return paused('diskUnavailable', null)
  if (disk?.kind === 'readOnly') return paused('diskReadOnly', null)
  const runAnywayUntilMs = intent.runAnywayUntilMs ?? 0
  const runAnyway = runAnywayUntilMs > nowMs
  if (settings.pauseOnBattery && onBattery === true && !runAnyway) return paused('onBattery', null)
  const bound = diskBound(settings, intent, disk)
  if (bound !== null) return { work: 'throttled', reason: bound, resumesAtMs: null }
  if (!runAnyway) return { work: 'full', reason: 'allowed', resumesAtMs: null }
  return {
    work: 'full',
    reason: 'runNowOverride',
    resumesAtMs: runAnywayUntilMs === untilResumedMs ? null : runAnywayUntilMs,
  }
}

function paused(reason: ReasonCode, resumesAtMs: number | null): Verdict {
  return { work: 'paused', reason, resumesAtMs }
}

function diskBound(settings: Settings, intent: RoleIntent, disk: DiskReading | null): ReasonCode | null {
  if (disk?.kind !== 'usable') return null
  if (disk.freeBytes <= settings.diskReserveBytes) return 'diskReserveReached'
  if (intent.diskLimitBytes !== null && disk.usedByRoleBytes >= intent.diskLimitBytes) return 'diskLimitReached'
  return null
}

/** The person's limit, lowered so far that the reserve stays free; never below what the role already holds. */
function diskLimit(settings: Settings, intent: RoleIntent, disk: DiskReading | null): number | null {
  if (disk === null) return null
  if (disk.kind !== 'usable') return intent.diskLimitBytes ?? 0
  const roomBytes = Math.max(0, disk.freeBytes - settings.diskReserveBytes)
  const byReserve = disk.usedByRoleBytes + Math.floor(roomBytes / diskStepBytes) * diskStepBytes
  return Math.floor(Math.min(intent.diskLimitBytes ?? byReserve, byReserve))
}
