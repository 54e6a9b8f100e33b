import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowanceSchema } from '../../roles/api/allowance.ts'
import { defaultSettings, untouchedIntent } from '../api/settings.ts'
import type { RoleIntent, Settings } from '../api/settings.ts'
import { decideAllowance } from './decide-allowance.ts'
import { activeGpuShare, calmAfterUseMs, coolDownMs, usualGpuShare, warmCelsius } from './decide-render.ts'
import type { GraphicsReading, RenderReadings } from './decide-render.ts'
import { untilResumedMs } from './until-resumed.ts'

const nowMs = 10_000_000
const moment = fc.option(fc.integer({ min: nowMs - 200_000, max: nowMs }), { nil: null })
const until = fc.option(fc.oneof(fc.integer({ min: nowMs - 9, max: nowMs + 9 }), fc.constant(untilResumedMs)), {
  nil: null,
})
const graphicsArbitrary: fc.Arbitrary<GraphicsReading> = fc.record({
  usedByOthersAtMs: moment,
  hotAtMs: moment,
  celsius: fc.option(fc.integer({ min: 10, max: 110 }), { nil: null }),
  idleSeconds: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
  fullScreenApp: fc.constantFrom(true, false, null),
})
const readingsArbitrary: fc.Arbitrary<RenderReadings> = fc.record({
  nowMs: fc.constant(nowMs),
  onBattery: fc.constantFrom(true, false, null),
  graphics: fc.option(graphicsArbitrary, { nil: null }),
})
const intentArbitrary: fc.Arbitrary<RoleIntent> = fc
  .record({
    on: fc.constantFrom(true, true, true, false),
    runAnywayUntilMs: until,
    pausedUntilMs: until,
    gpuShare: fc.option(fc.double({ min: 0.05, max: 1, noNaN: true }), { nil: null }),
  })
  .map((change) => ({ ...untouchedIntent, ...change }))

const calm: GraphicsReading = {
  usedByOthersAtMs: null,
  hotAtMs: null,
  celsius: 40,
  idleSeconds: 900,
  fullScreenApp: false,
}
const on: RoleIntent = { ...untouchedIntent, on: true }
const settingsOf = (render: RoleIntent): Settings => ({ ...defaultSettings, roles: { render } })
const decide = (intent: RoleIntent, readings: Partial<RenderReadings> = {}, settings = settingsOf(intent)) =>
  decideAllowance(settings, { nowMs, onBattery: null, disks: null, graphics: calm, ...readings }, 'render')

const holds = (property: (intent: RoleIntent, readings: RenderReadings) => void) =>
  fc.assert(fc.property(intentArbitrary, readingsArbitrary, property), { numRuns: 1000 })

describe('the rules for rendering', () => {
  test('always give an allowance of the agreed shape, paused exactly when its share is nothing', () =>
    holds((intent, readings) => {
      const allowance = decide(intent, readings)
      expect(allowanceSchema.safeParse(allowance).success).toBe(true)
      expect(allowance.gpuShare === 0).toBe(allowance.work === 'paused')
    }))

  test('never give more of the graphics processor than the person allowed', () =>
    holds((intent, readings) => {
      expect(decide(intent, readings).gpuShare).toBeLessThanOrEqual(intent.gpuShare ?? usualGpuShare)
    }))

  test('never render while it is hot, whatever the person wished for', () =>
    holds((intent, readings) => {
      const hotAtMs = nowMs - coolDownMs + 1
      const hot = { ...readings, graphics: { ...(readings.graphics ?? calm), hotAtMs } }
      expect(decide({ ...intent, runAnywayUntilMs: untilResumedMs }, hot).work).toBe('paused')
    }))

  test('say when a pause ends only where that is known, and only in the future', () =>
    holds((intent, readings) => {
      const { resumesAtMs } = decide(intent, readings)
      if (resumesAtMs !== null) expect(resumesAtMs).toBeGreaterThan(nowMs)
    }))

  test('more to disturb never means more work', () =>
    holds((intent, readings) => {
      const quiet = decide(intent, { ...readings, onBattery: false, graphics: calm })
      expect(decide(intent, readings).gpuShare).toBeLessThanOrEqual(quiet.gpuShare ?? 0)
    }))

  test('pause at once when somebody else uses it, and go on half a minute after the last time', () => {
    const used = (agoMs: number) => decide(on, { graphics: { ...calm, usedByOthersAtMs: nowMs - agoMs } })
    expect(used(0)).toMatchObject({
      work: 'paused',
      reason: 'gpuInUse',
      resumesAtMs: nowMs + calmAfterUseMs,
      gpuShare: 0,
    })
    expect(used(calmAfterUseMs - 1).work).toBe('paused')
    expect(used(calmAfterUseMs)).toMatchObject({ work: 'full', reason: 'allowed', gpuShare: usualGpuShare })
  })

  test.each([
    ['battery', { onBattery: true }, { work: 'paused', reason: 'onBattery' }],
    ['a full-screen app', { graphics: { ...calm, fullScreenApp: true } }, { work: 'paused', reason: 'fullScreenApp' }],
    ['warmth', { graphics: { ...calm, celsius: warmCelsius } }, { work: 'throttled', gpuShare: usualGpuShare / 2 }],
    ['a person', { graphics: { ...calm, idleSeconds: 3 } }, { work: 'throttled', gpuShare: activeGpuShare }],
    ['nothing known', { graphics: null, onBattery: null }, { work: 'full', gpuShare: usualGpuShare }],
  ])('%s', (_what, readings, expected) => {
    expect(decide(on, readings)).toMatchObject(expected)
  })

  test('"run anyway" lifts battery, use and a person at the keyboard', () => {
    const anyway = { ...on, runAnywayUntilMs: nowMs + 1 }
    const disturbed = { onBattery: true, graphics: { ...calm, usedByOthersAtMs: nowMs, idleSeconds: 0 } }
    expect(decide(anyway, disturbed)).toMatchObject({ work: 'full', reason: 'runNowOverride', resumesAtMs: nowMs + 1 })
  })

  test('storage does not care about the graphics processor', () =>
    holds((intent, readings) => {
      const settings: Settings = { ...defaultSettings, roles: { storage: intent } }
      const without = { nowMs, onBattery: readings.onBattery, disks: null, graphics: null }
      expect(decideAllowance(settings, { ...without, graphics: readings.graphics }, 'storage')).toEqual(
        decideAllowance(settings, without, 'storage'),
      )
    }))
})
