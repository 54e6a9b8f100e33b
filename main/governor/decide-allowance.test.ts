import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowanceSchema } from '../../roles/api/allowance.ts'
import { defaultSettings, untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import { decideAllowance } from './decide-allowance.ts'
import type { PlacedDisk, Readings } from './decide-allowance.ts'
import { untilResumedMs } from './until-resumed.ts'

const gib = 1024 ** 3
const bytes = fc.integer({ min: 0, max: 4 * 1024 * gib })
const time = fc.option(fc.oneof(fc.integer({ min: 1, max: 2_000_000 }), fc.constant(untilResumedMs)), { nil: null })

const settingsArbitrary: fc.Arbitrary<Settings> = fc
  .record({
    on: fc.boolean(),
    runAnywayUntilMs: time,
    pausedUntilMs: time,
    disks: fc.array(
      fc.record({
        path: fc.constantFrom(null, '/one', '/two'),
        limitBytes: fc.option(fc.integer({ min: 1, max: 4 * 1024 * gib }), { nil: null }),
        leaving: fc.boolean(),
        moveTo: fc.constantFrom(null, 'home'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    pausedAllUntilMs: time,
    diskReserveBytes: bytes,
    pauseOnBattery: fc.boolean(),
  })
  .map(({ pausedAllUntilMs, diskReserveBytes, pauseOnBattery, ...intent }) => ({
    ...defaultSettings,
    pausedAllUntilMs,
    diskReserveBytes,
    pauseOnBattery,
    roles: { storage: { ...untouchedIntent, ...intent } },
  }))

const folder = '/disk/hearth-01234567'
const diskArbitrary: fc.Arbitrary<PlacedDisk> = fc.oneof(
  fc.record({
    kind: fc.constant('usable' as const),
    freeBytes: bytes,
    usedByRoleBytes: bytes,
    folder: fc.constant(folder),
  }),
  fc.constant({ kind: 'readOnly' as const, folder }),
  fc.constant({ kind: 'unavailable' as const, folder }),
)

const readingsArbitrary: fc.Arbitrary<Readings> = fc.record({
  nowMs: fc.integer({ min: 1, max: 2_000_000 }),
  onBattery: fc.constantFrom(true, false, null),
  disks: fc.option(fc.array(diskArbitrary, { minLength: 3, maxLength: 3 }), { nil: null }),
})

const holds = (property: (settings: Settings, readings: Readings, intent: RoleIntent) => void) =>
  fc.assert(
    fc.property(settingsArbitrary, readingsArbitrary, (settings, readings) => {
      const intent = settings.roles.storage!
      property(settings, { ...readings, disks: readings.disks?.slice(0, intent.disks.length) ?? null }, intent)
    }),
    { numRuns: 1000 },
  )

describe('the governor', () => {
  test('always gives an allowance of the agreed shape', () =>
    holds((settings, readings) => {
      expect(allowanceSchema.safeParse(decideAllowance(settings, readings, 'storage')).success).toBe(true)
    }))

  test('never lets a role grow beyond the limit that the person set', () =>
    holds((settings, readings, intent) => {
      const allowance = decideAllowance(settings, readings, 'storage')
      for (const [index, disk] of (allowance.disks ?? []).entries()) {
        expect(disk).toEqual({ ...intent.disks[index], folder })
      }
      const limits = intent.disks.map((disk) => disk.limitBytes)
      if (allowance.diskLimitBytes === null || limits.includes(null)) return
      expect(allowance.diskLimitBytes).toBeLessThanOrEqual(limits.reduce<number>((sum, limit) => sum + limit!, 0))
    }))

  test('always keeps the reserve: what may still be written never exceeds free space minus reserve', () =>
    holds((settings, readings) => {
      const [disk, ...others] = readings.disks ?? []
      if (disk?.kind !== 'usable' || others.length > 0) return
      const allowance = decideAllowance(settings, readings, 'storage')
      const growthBytes = Math.max(0, allowance.diskLimitBytes! - disk.usedByRoleBytes)
      expect(growthBytes).toBeLessThanOrEqual(Math.max(0, disk.freeBytes - settings.diskReserveBytes))
    }))

  test('one disk that is gone stops nothing while another can be used', () =>
    holds((settings, readings) => {
      const reasons = ['diskUnavailable', 'diskReadOnly']
      const isUsable = readings.disks === null || readings.disks.some((disk) => disk.kind === 'usable')
      if (isUsable) expect(reasons).not.toContain(decideAllowance(settings, readings, 'storage').reason)
    }))

  test('never lets a role that is off or paused work, whatever else is true', () =>
    holds((settings, readings, intent) => {
      const pausedUntilMs = Math.max(settings.pausedAllUntilMs ?? 0, intent.pausedUntilMs ?? 0)
      if (intent.on && pausedUntilMs <= readings.nowMs) return
      expect(decideAllowance(settings, readings, 'storage').work).toBe('paused')
    }))

  test('"run anyway" lifts the battery rule and no rule of the disk', () =>
    holds((settings, readings, intent) => {
      const anyway: Settings = {
        ...settings,
        roles: { storage: { ...intent, runAnywayUntilMs: untilResumedMs } },
      }
      const { work, reason } = decideAllowance(anyway, readings, 'storage')
      expect(reason).not.toBe('onBattery')
      if (readings.disks?.every((disk) => disk.kind !== 'usable') === true) expect(work).toBe('paused')
    }))

  test('a reason that is known to end says when, and only in the future', () =>
    holds((settings, readings) => {
      const { resumesAtMs } = decideAllowance(settings, readings, 'storage')
      if (resumesAtMs !== null) expect(resumesAtMs).toBeGreaterThan(readings.nowMs)
    }))

  test('one role does not depend on the intent of another', () =>
    holds((settings, readings, intent) => {
      const both: Settings = { ...settings, roles: { storage: intent, render: { ...intent, on: !intent.on } } }
      expect(decideAllowance(both, readings, 'storage')).toEqual(decideAllowance(settings, readings, 'storage'))
    }))

  const home = { path: null, leaving: false, moveTo: null }

  test('a disk at its bound throttles and says which bound', () => {
    const settings: Settings = {
      ...defaultSettings,
      diskReserveBytes: gib,
      roles: { storage: { ...untouchedIntent, on: true, disks: [{ ...home, limitBytes: 5 * gib }] } },
    }
    const at = (freeBytes: number, usedByRoleBytes: number) =>
      decideAllowance(
        settings,
        { nowMs: 1, onBattery: null, disks: [{ kind: 'usable', freeBytes, usedByRoleBytes, folder }] },
        'storage',
      )
    expect(at(gib, 0)).toMatchObject({ work: 'throttled', reason: 'diskReserveReached' })
    expect(at(9 * gib, 5 * gib)).toMatchObject({ work: 'throttled', reason: 'diskLimitReached' })
    expect(at(9 * gib, 4 * gib)).toMatchObject({ work: 'full', reason: 'allowed', diskLimitBytes: 5 * gib })
  })
})
