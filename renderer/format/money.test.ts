import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWei, formatWei, highestWei, sumWei, weiShare, weiToDecimal } from './money.ts'

const microToken = 10n ** 12n
const amounts = fc.bigInt({ min: 0n, max: 10n ** 30n })

/** Reads a shown amount back into micro-tokens. */
function readBack(shown: string): bigint {
  const [whole = '', fraction = ''] = shown.replaceAll(',', '').split('.')
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

describe('formatWei', () => {
  test('groups, keeps two digits and cuts trailing zeros beyond', () => {
    expect(formatWei('0')).toBe('0.00')
    expect(formatWei('1500000000000000000')).toBe('1.50')
    expect(formatWei('1234567123456789012345678')).toBe('1,234,567.123456')
  })

  test('keeps all six digits for a column', () => {
    expect(formatWei('1500000000000000000', { allDigits: true })).toBe('1.500000')
  })

  test('never shows a positive amount as nothing', () => {
    expect(formatWei('1')).toBe('< 0.000001')
    expect(formatWei('999999999999')).toBe('< 0.000001')
    expect(formatWei('1000000000000')).toBe('0.000001')
  })

  test('shows exactly the whole micro-tokens of any amount, never more than there is', () => {
    fc.assert(
      fc.property(
        amounts.filter((wei) => wei === 0n || wei >= microToken),
        (wei) => {
          expect(readBack(formatWei(wei.toString()))).toBe(wei / microToken)
        },
      ),
    )
  })

  test('refuses text that is no whole number', () => {
    expect(() => formatWei('1.5')).toThrow(SyntaxError)
  })
})

test('weiToDecimal pads the fraction to the micro-token', () => {
  expect(weiToDecimal(1_000_001n * microToken)).toBe('1.000001')
})

test('sumWei adds without rounding', () => {
  fc.assert(
    fc.property(fc.array(amounts), (list) => {
      const sum = list.reduce((total, wei) => total + wei, 0n)
      expect(sumWei(list.map(String))).toBe(sum.toString())
    }),
  )
})

test('an amount in words carries the mark of practice, and only then', () => {
  expect(describeWei('1500000000000000000', { symbol: 'PLAY', practice: true })).toBe('1.50 PLAY (practice)')
  expect(describeWei('1500000000000000000', { symbol: 'HRTH', practice: false })).toBe('1.50 HRTH')
  expect(describeWei('0', { symbol: '', practice: null })).toBe('0.00')
})

test('highestWei compares numbers, not texts', () => {
  expect(highestWei(['9', '10', '8'])).toBe('10')
  expect(highestWei([])).toBe('0')
})

test('weiShare stays between 0 and 1 and is 0 of nothing', () => {
  fc.assert(
    fc.property(amounts, amounts, (left, right) => {
      const [part, whole] = left < right ? [left, right] : [right, left]
      const share = weiShare(part.toString(), whole.toString())
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }),
  )
  expect(weiShare('0', '0')).toBe(0)
  expect(weiShare('5', '10')).toBe(0.5)
})
