import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BookRow } from '../store/index.ts'
import { csvCell, csvNotes, earningsCsv, earningsCsvParts } from './earnings-csv.ts'
import { ledgerRowOf } from './ledger-page.ts'
import { pricesOf } from './tax-price.ts'
import { bookArbitrary, testClock, workRow } from './testing/rows.ts'

/** Reads RFC 4180 as a spreadsheet does: quoted cells may hold anything, doubled quotes are one. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    row.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'))
    if (match[3] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

const linesOf = (rows: readonly Omit<BookRow, 'ofSeconds'>[]) =>
  rows.map((row) => ledgerRowOf({ ...row, ofSeconds: null }, testClock))
const eur = pricesOf({ kind: 'fixed', price: '2', currency: 'EUR' })

describe('the export', () => {
  test('has a column for each sum, and they add up to those of the books', () => {
    fc.assert(
      fc.property(bookArbitrary, fc.boolean(), (rows, priced) => {
        const [header, ...lines] = parseCsv(earningsCsv(linesOf(rows), priced ? eur : null))
        const column = (name: string) => lines.reduce((sum, line) => sum + BigInt(line[header!.indexOf(name)]!), 0n)
        const of = (...kinds: BookRow['kind'][]) =>
          rows.filter((row) => kinds.includes(row.kind)).reduce((sum, row) => sum + row.amountWei, 0n)
        expect(column('earnedWei')).toBe(of('work', 'reward'))
        expect(column('claimedWei')).toBe(of('claim'))
        expect(column('movedToStakeWei')).toBe(of('stake'))
        expect(column('burnedWei')).toBe(rows.reduce((sum, row) => sum + row.burnedWei, 0n))
        expect(lines.length).toBe(rows.length)
        expect(lines.every((line) => line.length === header!.length)).toBe(true)
      }),
    )
  })

  test('in parts is the same text, and no part is made before it is taken', () => {
    const rows = linesOf(Array.from({ length: 1_001 }, (_, block) => workRow(block, 610 + block)))
    let taken = 0
    const counting = (function* () {
      for (const row of rows) {
        taken++
        yield row
      }
    })()
    const parts = earningsCsvParts(counting)
    const first = parts.next().value as string
    expect(taken).toBeLessThan(rows.length / 3)
    const rest = [...parts]
    expect(rest.length).toBeGreaterThan(2)
    expect([first, ...rest].join('')).toBe(earningsCsv(rows))
  })

  test('gives a value to what came in and none to what was moved', () => {
    fc.assert(
      fc.property(bookArbitrary, (rows) => {
        const [header, ...lines] = parseCsv(earningsCsv(linesOf(rows), eur))
        const value = header!.indexOf('value')
        for (const [index, row] of rows.entries()) {
          expect(lines[index]![value] !== '').toBe(row.kind === 'work' || row.kind === 'reward')
          expect(lines[index]![header!.indexOf('currency')]).toBe('EUR')
        }
      }),
    )
  })

  test('of nothing is a header', () => {
    expect(earningsCsv([])).toMatch(/^time,role,kind,earnedWei,burnedWei,[^\r\n]*\r\n$/)
  })

  test('no cell begins like a formula, and every text comes back from a reader of RFC 4180', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a,b', 'say "no"', 'a\r\nb'),
    )
    fc.assert(
      fc.property(text, (given) => {
        const [[read]] = parseCsv(`${csvCell(given)}\r\n`) as [[string]]
        expect(read).toMatch(/^(?![=+\-@\t\r])/)
        expect([given, `'${given}`]).toContain(read)
      }),
    )
  })
})

test('the notes say what was assumed, and shout when the books do not add up', () => {
  const network = { name: 'Practice', symbol: 'PLAY', chainId: 7, practice: true }
  const notes = (reconciles: boolean) =>
    csvNotes({ operator: '0xAB', network, asOfBlock: 9, prices: eur, reconciles }).join('\n')
  expect(notes(true)).toMatch(/block 9[^]*no value[^]*EUR[^]*half to even/)
  expect(notes(true)).not.toMatch(/DO NOT/)
  expect(notes(false)).toMatch(/DO NOT ADD UP/)
})
