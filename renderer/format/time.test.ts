import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDay, formatLongDay, formatMoment, formatRelative, localDay, startOfTomorrow } from './time.ts'

const now = new Date(2026, 2, 4, 15, 30).getTime()

describe('formatRelative', () => {
  test.each([
    [0, 'just now'],
    [-4_900, 'just now'],
    [-12_000, '12 seconds ago'],
    [21_000, 'in 21 seconds'],
    [-59_999, '59 seconds ago'],
    [-60_000, '1 minute ago'],
    [-3 * 3_600_000, '3 hours ago'],
    [2 * 86_400_000, 'in 2 days'],
  ])('%d ms from now reads as %s', (distance, text) => {
    expect(formatRelative(now + distance, now)).toBe(text)
  })
})

test('formatMoment leaves the date out today only', () => {
  expect(formatMoment(new Date(2026, 2, 4, 9, 5).getTime(), now)).toMatch(/^9:05\sAM$/)
  expect(formatMoment(new Date(2026, 2, 5, 0, 0).getTime(), now)).toContain('Mar 5, 2026')
})

test('days are shown as named, whatever the time zone', () => {
  expect(formatDay('2026-03-04')).toBe('Mar 4')
  expect(formatLongDay('2026-03-04')).toBe('Wednesday, March 4')
})

test('localDay pads', () => {
  expect(localDay(now)).toBe('2026-03-04')
})

test('tomorrow starts within a day (and an hour for clock changes), on the next calendar day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (moment) => {
      const tomorrow = startOfTomorrow(moment)
      expect(tomorrow).toBeGreaterThan(moment)
      expect(tomorrow - moment).toBeLessThanOrEqual(25 * 3_600_000)
      expect(localDay(tomorrow) > localDay(moment)).toBe(true)
    }),
  )
})
