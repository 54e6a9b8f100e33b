import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pricesOf, parsePriceTable, valueAt } from './tax-price.ts'

const at = (day: string) => Date.parse(`${day}T12:00:00Z`)

describe('the value of an amount', () => {
  test.each([
    [10n ** 18n, '1.25', '1.25000000'],
    [1n, '999999999', '0.00000000'],
    [10n ** 10n, '1', '0.00000001'],
    // Halves go to the even digit, on both sides.
    [5n * 10n ** 9n, '1', '0.00000000'],
    [15n * 10n ** 9n, '1', '0.00000002'],
    [25n * 10n ** 9n, '1', '0.00000002'],
    [123_456_789n * 10n ** 18n, '0.000000001', '0.12345679'],
  ])('%s wei at %s are %s', (wei, price, value) => expect(valueAt(wei, price)).toBe(value))

  test('is never off by more than half of its last digit, whatever the price looks like', () => {
    const price = fc.tuple(fc.nat({ max: 999_999_999 }), fc.stringMatching(/^[0-9]{0,9}$/))
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 27n }), price, (wei, [whole, part]) => {
        const text = part === '' ? `${whole}` : `${whole}.${part}`
        // Both sides in units of 1e-27 of the currency.
        const exact = wei * BigInt(`${whole}${part.padEnd(9, '0')}`)
        const found = BigInt(valueAt(wei, text).replace('.', '')) * 10n ** 19n
        const difference = exact > found ? exact - found : found - exact
        expect(difference * 2n <= 10n ** 19n).toBe(true)
      }),
    )
  })
})

describe('a list of prices', () => {
  const csv = 'date,price\r\n2026-03-01,1.5\n\n2026-03-03, 2\n'

  test('gives each day its price or that of the last day before it, and none before the first', () => {
    const prices = pricesOf({ kind: 'table', csv, currency: 'EUR' })!
    const found = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03', '2030-01-01'].map((day) =>
      prices.at(at(day)),
    )
    expect(found.map((one) => one?.price ?? null)).toEqual([null, '1.5', '1.5', '2', '2'])
    expect(found[2]).toMatchObject({ day: '2026-03-01' })
  })

  test('looks up as a walk through all lines would', () => {
    const line = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 99 }))
    const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10)
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { minLength: 1, selector: ([day]) => day }),
        fc.integer({ min: 0, max: 400 }),
        (list, asked) => {
          const sorted = list.toSorted(([left], [right]) => left - right)
          const table = sorted.map(([day, price]) => `${dayOf(day)},${price}`).join('\n')
          const expected = sorted.findLast(([day]) => day <= asked)
          const found = pricesOf({ kind: 'table', csv: table, currency: 'EUR' })!.at(at(dayOf(asked)))
          expect(found?.price).toBe(expected === undefined ? undefined : String(expected[1]))
        },
      ),
    )
  })

  test.each([
    ['', 'PRICES_EMPTY', /no line/],
    ['date,price\n', 'PRICES_EMPTY', /no line/],
    ['2026-03-01;1.5', 'PRICES_WRONG', /Line 1 .*not exactly a date and a price/],
    ['2026-03-01,1,5', 'PRICES_WRONG', /Line 1/],
    ['2026-02-30,1', 'PRICES_WRONG', /no date that exists/],
    ['31.03.2026,1', 'PRICES_WRONG', /no date that exists/],
    ['2026-03-01,-1', 'PRICES_WRONG', /no price/],
    ['2026-03-01,1e9', 'PRICES_WRONG', /no price/],
    ['2026-03-02,1\n2026-03-01,1', 'PRICES_WRONG', /Line 2 .*not later/],
    ['2026-03-02,1\n2026-03-02,1', 'PRICES_WRONG', /Line 2 .*not later/],
  ])('%j is refused with its line', (text, code, message) => {
    expect(() => parsePriceTable(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error,
    )
  })

  test('one fixed price holds always, and none asks for none', () => {
    expect(pricesOf({ kind: 'fixed', price: '3', currency: 'EUR' })!.at(0)).toEqual({ price: '3', day: null })
    expect(pricesOf({ kind: 'none' })).toBeNull()
  })
})
