import { expect, test } from 'vitest'
import { readTaxPrice, taxProblems } from './read-tax.ts'
import type { TaxForm } from './read-tax.ts'

const form: TaxForm = { kind: 'none', price: '', currency: '', csv: '' }

test('without a price nothing needs to be filled in', () => {
  expect(readTaxPrice(form)).toEqual({ kind: 'none' })
})

test('one price needs a number and a currency, which may be typed small', () => {
  expect(readTaxPrice({ ...form, kind: 'fixed', price: ' 0.25 ', currency: 'eur' })).toEqual({
    kind: 'fixed',
    price: '0.25',
    currency: 'EUR',
  })
  expect(taxProblems({ ...form, kind: 'fixed', price: '1,2', currency: 'E' })).toEqual({
    price: true,
    currency: true,
    line: null,
  })
})

test('a table may have empty lines and foreign line ends, and comes out clean', () => {
  const csv = '2026-03-01,0.25\r\n\r\n2026-03-04,0.3\n'
  expect(readTaxPrice({ ...form, kind: 'table', csv, currency: 'EUR' })).toEqual({
    kind: 'table',
    csv: '2026-03-01,0.25\n2026-03-04,0.3',
    currency: 'EUR',
  })
})

test('names the first line that is no day and price in rising order', () => {
  const line = (csv: string): number | null => taxProblems({ ...form, kind: 'table', csv, currency: 'EUR' }).line
  expect(line('')).toBe(0)
  expect(line('date,price')).toBe(1)
  expect(line('2026-03-01,0.25\n2026-02-30,0.2')).toBe(2)
  expect(line('2026-03-02,1\n2026-03-01,1')).toBe(2)
  expect(line('2026-03-01,1\n2026-03-01,1')).toBe(2)
  expect(line('2026-03-01,1,2')).toBe(1)
  expect(line('2026-03-01,-1')).toBe(1)
})
