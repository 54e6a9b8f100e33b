import type { Allowance, ReasonCode } from '../../roles/api/allowance.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { untouchedIntent } from '../api/settings.ts'
import type { DiskIntent, RoleIntent, Settings } from '../api/settings.ts'
import { decideRender } from './decide-render.ts'
import type { GraphicsReading } from './decide-render.ts'
import { untilResumedMs } from './until-resumed.ts'

/** A disk of a role as last looked at, or why it cannot be used. */
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

/** A disk with the folder that the role has there. */
export type PlacedDisk = DiskReading & { readonly folder: string }

/** Everything that the governor looks at besides the rules; null = this machine cannot tell. */
export type Readings = {
  /** Epoch milliseconds, since rules name times of day. */
  readonly nowMs: number
  readonly onBattery: boolean | null
  /** One for each disk of the intent, in its order; null before they were looked at. */
  readonly disks: readonly PlacedDisk[] | null
  /** Looked at for rendering only. */
  readonly graphics?: GraphicsReading | null
}

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
 * anyway", since it is the plainer wish); all disks gone or read-only; battery; free-space reserve; disk limit. "Run anyway"
 * lifts the rules of comfort (battery), never those of the disk. With every disk at its bound the role is throttled, not stopped: it
 * serves and proves what it holds and takes nothing new.
 */
export function decideAllowance(settings: Settings, readings: Readings, role: RoleName): Allowance {
  const intent = settings.roles[role] ?? untouchedIntent
  if (role === 'render') return renderAllowance(settings, intent, readings)
  return {
    ...verdict(settings, intent, readings),
    diskLimitBytes: diskLimit(settings, intent, readings.disks),
    diskReserveBytes: settings.diskReserveBytes,
    ...(readings.disks === null ? {} : { disks: disksOf(intent, readings.disks) }),
    movesPaused: intent.movesPaused,
    leaving: intent.leaving,
    uploadBytesPerSecond: intent.uploadBytesPerSecond,
    downloadBytesPerSecond: intent.downloadBytesPerSecond,
    cpuShare: null,
  }
}

/** A scene and its results are small and go with their job, so no disk is lent for them. */
function renderAllowance(settings: Settings, intent: RoleIntent, readings: Readings): Allowance {
  return {
    ...decideRender(settings, intent, { ...readings, graphics: readings.graphics ?? null }),
    diskLimitBytes: null,
    diskReserveBytes: settings.diskReserveBytes,
    uploadBytesPerSecond: intent.uploadBytesPerSecond,
    downloadBytesPerSecond: intent.downloadBytesPerSecond,
    cpuShare: null,
  }
}

function verdict(settings: Settings, intent: RoleIntent, { nowMs, onBattery, disks }: Readings): Verdict {
  if (!intent.on) return paused('switchedOff', null)
  const pausedUntilMs = Math.max(settings.pausedAllUntilMs ?? 0, intent.pausedUntilMs ?? 0)
  if (pausedUntilMs > nowMs) return paused('pausedByPerson', pausedUntilMs === untilResumedMs ? null : pausedUntilMs)
  const kinds = (disks ?? []).map((disk) => disk.kind)
  if (kinds.length > 0 && !kinds.includes('usable')) {
    return paused(kinds.includes('readOnly') ? 'diskReadOnly' : 'diskUnavailable', null)
  }
  const runAnywayUntilMs = intent.runAnywayUntilMs ?? 0
  const runAnyway = runAnywayUntilMs > nowMs
  if (settings.pauseOnBattery && onBattery === true && !runAnyway) return paused('onBattery', null)
  const bound = diskBound(settings, intent, disks ?? [])
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

/** Why nothing new fits on any disk that can be used; null while one has room or none was looked at. */
function diskBound(settings: Settings, intent: RoleIntent, disks: readonly PlacedDisk[]): ReasonCode | null {
  const bounds = disks.flatMap((disk, index) => {
    const wanted = intent.disks[index]
    return disk.kind === 'usable' && wanted !== undefined ? [boundOf(settings, wanted, disk)] : []
  })
  return bounds.includes(null) ? null : (bounds[0] ?? null)
}

function boundOf(
  settings: Settings,
  wanted: DiskIntent,
  disk: Extract<DiskReading, { kind: 'usable' }>,
): ReasonCode | null {
  if (disk.freeBytes <= settings.diskReserveBytes) return 'diskReserveReached'
  if (wanted.leaving) return 'diskLimitReached'
  return wanted.limitBytes !== null && disk.usedByRoleBytes >= wanted.limitBytes ? 'diskLimitReached' : null
}

/**
 * What the role may occupy on all its disks: the person's limits, each lowered so far that the reserve stays free; never
 * below what the role already holds.
 */
function diskLimit(settings: Settings, intent: RoleIntent, disks: readonly PlacedDisk[] | null): number | null {
  if (disks === null) return null
  return disks.reduce((sum, disk, index) => {
    const limitBytes = intent.disks[index]?.limitBytes ?? null
    if (disk.kind !== 'usable') return sum + (limitBytes ?? 0)
    const roomBytes = Math.max(0, disk.freeBytes - settings.diskReserveBytes)
    const byReserve = disk.usedByRoleBytes + Math.floor(roomBytes / diskStepBytes) * diskStepBytes
    return sum + Math.floor(Math.min(limitBytes ?? byReserve, byReserve))
  }, 0)
}

/** The disks as the worker is told of them: those that cannot be used too, so that it waits for their pieces. */
function disksOf(intent: RoleIntent, disks: readonly PlacedDisk[]): Allowance['disks'] {
  return disks.flatMap(({ folder }, index) => {
    const wanted = intent.disks[index]
    return wanted === undefined ? [] : [{ ...wanted, folder }]
  })
}
