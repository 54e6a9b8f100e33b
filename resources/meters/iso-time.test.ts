import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCalendarTime, isoText } from './iso-time.ts'

describe('isoText', () => {
  it('is what Date.toISOString gives, for any time and whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.nat(4e12)), { minLength: 1 }),
        (times) => {
          for (const time of times) expect(isoText(time)).toBe(new Date(time).toISOString())
        },
      ),
    )
  })
})

describe('isCalendarTime', () => {
  it('knows how long months are', () => {
    expect(isCalendarTime(2024, 2, 29, 0, 0, 0)).toBe(true)
    expect(isCalendarTime(2025, 2, 29, 0, 0, 0)).toBe(false)
    expect(isCalendarTime(2100, 2, 29, 0, 0, 0)).toBe(false)
    expect(isCalendarTime(2025, 4, 31, 0, 0, 0)).toBe(false)
    expect(isCalendarTime(2025, 12, 31, 23, 59, 59)).toBe(true)
    expect(isCalendarTime(2025, 12, 31, 24, 0, 0)).toBe(false)
    expect(isCalendarTime(2025, NaN, 31, 23, 0, 0)).toBe(false)
  })
})
