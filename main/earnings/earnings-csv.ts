import type { LedgerRow } from '../api/earnings.ts'
import type { Prices } from './tax-price.ts'
import { valueAt } from './tax-price.ts'

const columns = [
  'time',
  'role',
  'kind',
  'earnedWei',
  'burnedWei',
  'claimedWei',
  'movedToStakeWei',
  'epoch',
  'customer',
  'node',
  'block',
  'transaction',
  'id',
] as const
const priceColumns = ['currency', 'price', 'priceDay', 'value'] as const

/**
 * The ledger as CSV (RFC 4180): a header and one line a row, oldest first, times in UTC, amounts in wei. The columns
 * `earnedWei`, `burnedWei`, `claimedWei` and `movedToStakeWei` each add up to what the contract says. With prices, every
 * row that came in also has the price that was used, the day it is of, and its value at receipt.
 */
export function earningsCsv(rows: Iterable<LedgerRow>, prices: Prices | null = null): string {
  return [...earningsCsvParts(rows, prices)].join('')
}

/** Lines of one part: made in a few milliseconds, so that whoever writes part by part keeps answering between them. */
const partLines = 250

/** The same text in parts, each made when it is taken. */
export function* earningsCsvParts(rows: Iterable<LedgerRow>, prices: Prices | null = null): Generator<string> {
  let lines: string[] = [lineOf(prices === null ? columns : [...columns, ...priceColumns])]
  for (const row of rows) {
    lines.push(lineOf([...cellsOf(row), ...(prices === null ? [] : priceCells(row, prices))]))
    if (lines.length < partLines) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}

function cellsOf(row: LedgerRow): readonly string[] {
  const came = isIncome(row)
  const left = (kind: LedgerRow['kind']) => (row.kind === kind ? row.amountWei.replace('-', '') : '0')
  return [
    new Date(row.atMs).toISOString(),
    row.role ?? '',
    row.work ?? row.kind,
    came ? row.amountWei : '0',
    row.burnedWei,
    left('claim'),
    left('stake'),
    row.epoch === null ? '' : String(row.epoch),
    row.customer ?? '',
    row.node ?? '',
    row.blockNumber === null ? '' : String(row.blockNumber),
    row.transactionHash ?? '',
    row.id,
  ]
}

/** Claims and moves into stake are no income: what they move was valued when it came. */
function priceCells(row: LedgerRow, prices: Prices): readonly string[] {
  const found = isIncome(row) ? prices.at(row.atMs) : null
  if (found === null) return [prices.currency, '', '', '']
  return [prices.currency, found.price, found.day ?? '', valueAt(BigInt(row.amountWei), found.price)]
}

function isIncome({ kind }: LedgerRow): boolean {
  return kind === 'work' || kind === 'reward'
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/**
 * One cell by RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it (nothing of ours begins
 * like one; whatever comes to be exported one day is safe too).
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What a reader of the export must know, one sentence a line. */
export function csvNotes(o: {
  readonly operator: string
  readonly network: {
    readonly name: string
    readonly symbol: string
    readonly chainId: number
    readonly practice: boolean
  }
  readonly asOfBlock: number | null
  readonly prices: Prices | null
  readonly reconciles: boolean
}): readonly string[] {
  const { network, prices } = o
  return [
    `Operator ${o.operator} on ${network.name} (chain ${network.chainId}), all lines up to block ${o.asOfBlock ?? 'unknown'}.`,
    ...(network.practice ? [`PRACTICE: ${network.symbol} of this network has no value.`] : []),
    o.reconciles
      ? 'The columns earnedWei, burnedWei, claimedWei and movedToStakeWei add up to the wei with the contract.'
      : 'THE COLUMNS DO NOT ADD UP with the contract: do not use this file before they do.',
    `Amounts are in wei: 1 ${network.symbol} = 1000000000000000000 wei. Times are UTC, those of the block.`,
    'Fees count when the chain recorded them, rewards when their epoch ended; the transaction of a reward is the payment that settled it.',
    'Gas that was paid for is not in this file. Claims and moves into stake are no income and have no value here.',
    ...(prices === null
      ? ['No price was given: the file has no values.']
      : [
          `Values are in ${prices.currency} at the prices that were entered (not checked), of the day (UTC) of the line or the last day before it that has one; a line before the first price has none.`,
          'Each value is rounded half to even at the eighth digit after the point; add up first, round afterwards.',
        ]),
  ]
}
