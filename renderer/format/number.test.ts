import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseFormatLocale } from './locale.ts'
import {
  formatBitsPerSecond,
  formatBytes,
  formatBytesPerSecond,
  formatCount,
  formatMemory,
  formatPercent,
  scaleToUnit,
} from './number.ts'

describe('formatBytes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [4_194_304, '4.19 MB'],
    [999_999, '1 MB'],
    [214e9, '214 GB'],
    [3.12e12, '3.12 TB'],
    [2.5e18, '2,500 PB'],
  ])('%d reads as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

test('scaleToUnit never shows 1000 of a unit while a larger one exists', () => {
  const units = ['a', 'b', 'c', 'd', 'e', 'f'] as const
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (amount) => {
      const { value, unit } = scaleToUnit(amount, units)
      expect(Number(value.toFixed(0))).toBeLessThan(unit === 'f' ? Infinity : 1000)
    }),
  )
})

test('speeds name what flows per second', () => {
  expect(formatBytesPerSecond(412e6)).toBe('412 MB/s')
  expect(formatBitsPerSecond(1e9)).toBe('1 Gb/s')
})

test('memory is counted in powers of two, as it is sold', () => {
  expect(formatMemory(32 * 1024 ** 3)).toBe('32 GB')
})

test('counts are grouped and shares are whole percents', () => {
  expect(formatCount(20_412)).toBe('20,412')
  expect(formatPercent(0.825)).toBe('83%')
})

test('the region comes from an English preference only', () => {
  expect(chooseFormatLocale(['de-DE', 'en-GB'])).toBe('en-GB')
  expect(chooseFormatLocale(['de-DE'])).toBe('en')
  expect(chooseFormatLocale([])).toBe('en')
})
