import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawBar } from './progress-bar.ts'
import { createRateMeter } from './rate-meter.ts'

describe('a rate', () => {
  it('is not claimed before a second has passed', () => {
    const meter = createRateMeter()
    meter.add(0, 0)
    meter.add(900, 5_000)
    expect(meter.perSecond()).toBeNull()
  })

  it('is exact for whatever grows evenly, however often it is looked at', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 2, maxLength: 60 }),
        (rate, steps) => {
          const meter = createRateMeter()
          let atMs = 0
          meter.add(atMs, 0)
          for (const step of steps) {
            atMs += step
            meter.add(atMs, (rate * atMs) / 1000)
          }
          const perSecond = meter.perSecond()
          if (perSecond !== null) expect(perSecond).toBeCloseTo(rate, 5)
        },
      ),
    )
  })

  it('forgets what is long over', () => {
    const meter = createRateMeter()
    for (let second = 0; second <= 60; second++) meter.add(second * 1000, Math.min(second, 30) * 100)
    expect(meter.perSecond()).toBe(0)
  })

  it('stands behind the figures of the bar, with the time left, until all is done', () => {
    const state = {
      label: 'storing',
      done: 50_000_000,
      total: 100_000_000,
      unit: 'bytes' as const,
      perSecond: 1_000_000,
    }
    expect(drawBar(state, 120)).toMatch(/\/s, 50 s left$/)
    expect(drawBar({ ...state, done: state.total }, 120)).not.toContain('left')
    expect(drawBar({ ...state, perSecond: null }, 120)).not.toContain('left')
  })
})
