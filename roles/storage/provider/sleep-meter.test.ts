import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSleepMeter, sleptBetween } from './sleep-meter.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('counts the time that a sleeping computer missed, once', () => {
  let nowMs = 1_000_000
  const meter = createSleepMeter(() => nowMs)
  for (let tick = 0; tick < 10; tick++) {
    nowMs += 2_000
    vi.advanceTimersByTime(2_000)
  }
  expect(meter.takeSleptMs()).toBe(0)
  nowMs += 3_600_000
  vi.advanceTimersByTime(2_000)
  expect(meter.takeSleptMs()).toBe(3_600_000 - 2_000)
  expect(meter.takeSleptMs()).toBe(0)
  meter.stop()
})

it('takes no busy computer and no clock that was set back for one that slept', () => {
  expect(sleptBetween(0, 15_000)).toBe(0)
  expect(sleptBetween(100_000, 0)).toBe(0)
})
