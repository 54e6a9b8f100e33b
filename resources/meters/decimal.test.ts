import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberToUnits, toUnits } from './decimal.ts'

describe('toUnits', () => {
  it.each([
    ['2.813', 3, 2_813],
    ['1.001', 3, 1_001],
    ['0.0009', 3, 0],
    ['-0.9', 0, 0],
    ['-12.99', 1, -129],
    ['007', 2, 700],
    ['1e-7', 3, 0],
    ['1.5e3', 0, 1_500],
    ['1e21', 0, null],
    ['9007199254740993', 0, null],
    ['1.', 0, null],
    ['.5', 0, null],
    ['NaN', 0, null],
    ['', 0, null],
  ])('%s with %i decimals is %s', (text, decimals, units) => {
    expect(toUnits(text, decimals)).toBe(units)
  })

  it('gives back every number that was written with so many decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (units, decimals) => {
        const digits = String(Math.abs(units)).padStart(decimals + 1, '0')
        const cut = digits.length - decimals
        const text = `${units < 0 ? '-' : ''}${digits.slice(0, cut)}${decimals === 0 ? '' : `.${digits.slice(cut)}`}`
        expect(toUnits(text, decimals)).toBe(units)
        expect(numberToUnits(Number(text), decimals)).toBe(units)
      }),
    )
  })

  it('says the same of a number as of its text', () => {
    const anyNumber = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    )
    fc.assert(
      fc.property(anyNumber, fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        expect(numberToUnits(value, decimals)).toBe(toUnits(String(value), decimals))
      }),
      { numRuns: 2_000 },
    )
  })
})
