import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleDay, sampleNode, sampleTariff } from '../testing/sample-day.ts'
import type { OrderReceipt } from '../typed-data.ts'
import { challengeOf } from './challenge.ts'
import { checkSettlement } from './check-settlement.ts'
import { type DayRecord, dayRoot, dayTree, type Entry } from './day-record.ts'
import type { Evidence, FaultKind } from './fault.ts'
import { isOpened, openLeaves } from './open-leaf.ts'
import { netAmounts } from './settle-day.ts'

const sample = sampleDay(7, 12)
const evidenceOf = ({ record, orders, readings }: typeof sample, more: Partial<Evidence> = {}): Evidence => ({
  tariff: sampleTariff,
  receipts: orders.map(({ order, orderHash }) => ({ receipt: receiptOf(order, orderHash), signature: '0x' })),
  orders,
  readings,
  postedNets: netAmounts(record),
  ...more,
})
const receiptOf = (
  { community, slot, node }: { community: string; slot: number; node: string },
  orderHash: string,
): OrderReceipt => ({
  community,
  slot,
  node,
  orderHash,
})
const kindsOf = (record: DayRecord, evidence = evidenceOf(sample)): FaultKind[] => [
  ...new Set(checkSettlement(record, evidence).map(({ kind }) => kind)),
]
const withEntry = (index: number, change: (one: Entry) => Entry): DayRecord => ({
  ...sample.record,
  entries: sample.record.entries.map((one, at) => (at === index ? change(one) : one)),
})
const withLine = (index: number, change: Partial<Entry['line']>): DayRecord =>
  withEntry(index, (one) => ({ ...one, line: { ...one.line, ...change } }))
const priceAt = (index: number): number =>
  sample.record.headers.find(({ firstEntry, orderCount }) => index >= firstEntry && index < firstEntry + orderCount)!
    .priceGweiPerWh
const findEntry = (wanted: (one: Entry, price: number) => boolean): number => {
  const index = sample.record.entries.findIndex((one, at) => wanted(one, priceAt(at)))
  expect(index).toBeGreaterThanOrEqual(0)
  return index
}

describe('an honest day', () => {
  it('has nothing that could be proven against it, whatever it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 9 }), (seed, nodes) => {
        const day = sampleDay(seed, nodes)
        expect(checkSettlement(day.record, evidenceOf(day))).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('moves money among its nodes and makes none', () => {
    const nets = netAmounts(sample.record)
    expect(nets.length).toBeGreaterThan(2)
    expect(nets.reduce((sum, { netWei }) => sum + netWei, 0n)).toBe(0n)
  })

  it('opens every leaf to its root, and no other', () => {
    const { record } = sample
    const tree = dayTree(record)
    const refs = [
      ...record.headers.map((_, index) => ({ list: 'header', index }) as const),
      ...record.entries.map((_, index) => ({ list: 'entry', index }) as const),
      ...record.totals.map((_, index) => ({ list: 'total', index }) as const),
    ]
    const openings = openLeaves(record, refs, tree)
    expect(openings.every((opening) => isOpened(tree.root, tree.count, opening))).toBe(true)
    expect(openings.map(({ index }) => index)).toEqual(refs.map((_, index) => index))
    expect(isOpened(tree.root, tree.count, { ...openings[0]!, index: 1 })).toBe(false)
    expect(isOpened(tree.root, tree.count, { ...openings[0]!, leaf: openings[1]!.leaf })).toBe(false)
  })

  it('has a root that belongs to its chain, contract, community and day', () => {
    const { record } = sample
    const others: DayRecord[] = [
      { ...record, at: { ...record.at, chainId: 1 } },
      { ...record, at: { ...record.at, contract: sampleNode(0) } },
      { ...record, at: { ...record.at, community: `0x${'c1'.repeat(32)}` } },
      { ...record, day: record.day + 1 },
    ]
    expect(new Set([record, ...others].map((one) => dayRoot(one))).size).toBe(5)
  })
})

describe('7.4 what a cheating settler can be caught at', () => {
  it('7.4 an order with a receipt is left out of the book', () => {
    const { orders, record } = sample
    const stranger = { ...receiptOf(orders[0]!.order, `0x${'77'.repeat(32)}`) }
    const faults = checkSettlement(record, evidenceOf(sample, { receipts: [{ receipt: stranger, signature: '0x01' }] }))
    expect(faults).toMatchObject([{ kind: 'orderLeftOut', against: { receipt: stranger, signature: '0x01' } }])
    const [head, before, after] = faults[0]!.leaves
    expect(head).toEqual({ list: 'header', index: 0 })
    expect([before!.list, after!.index - before!.index]).toEqual(['entry', 1])
    expect(record.entries[before!.index]!.line.orderHash < stranger.orderHash).toBe(true)
    expect(record.entries[after!.index]!.line.orderHash > stranger.orderHash).toBe(true)
  })

  it('7.4 an order with a receipt is left out of a slot that is said to have had no market', () => {
    const receipt = {
      ...receiptOf(sample.orders[0]!.order, `0x${'77'.repeat(32)}`),
      slot: sample.record.headers[3]!.slot,
    }
    const faults = checkSettlement(sample.record, evidenceOf(sample, { receipts: [{ receipt, signature: '0x' }] }))
    expect(faults).toMatchObject([{ kind: 'orderLeftOut', leaves: [{ list: 'header', index: 3 }] }])
  })

  it('7.4 an order better than the price is left unfilled', () => {
    const index = findEntry(({ line }, price) => line.side === 'buy' && price > 0 && line.limitGweiPerWh > price)
    expect(kindsOf(withLine(index, { filledWh: 0 }))).toContain('betterOrderUnfilled')
  })

  it('7.4 an order is filled outside its limit, or beyond its size', () => {
    const worse = findEntry(({ line }, price) => line.side === 'sell' && price > 0 && line.limitGweiPerWh > price)
    expect(kindsOf(withLine(worse, { filledWh: 1 }))).toContain('fillOutsideLimit')
    const filled = findEntry(({ line }) => line.filledWh > 0)
    const wattHours = sample.record.entries[filled]!.line.wattHours
    expect(kindsOf(withLine(filled, { filledWh: wattHours + 1 }))).toContain('fillOutsideLimit')
  })

  it('7.4 a friend is preferred at the margin', () => {
    const { record } = sample
    const head = record.headers.findLast(({ tradedWh }) => tradedWh > 0)!
    const first = head.firstEntry + head.orderCount - 2
    const atMargin = { side: 'buy', limitGweiPerWh: head.priceGweiPerWh, wattHours: 5 } as const
    const entries = record.entries.map((one, at) => {
      if (at === first) return { ...one, line: { ...one.line, ...atMargin, filledWh: 2 } }
      return at === first + 1 ? { ...one, line: { ...one.line, ...atMargin, filledWh: 5 } } : one
    })
    const fault = checkSettlement({ ...record, entries }, evidenceOf(sample)).find(
      ({ kind }) => kind === 'unfairAtTheMargin',
    )
    expect(fault?.leaves.slice(1)).toEqual([
      { list: 'entry', index: first },
      { list: 'entry', index: first + 1 },
    ])
  })

  it('7.4 sums differ: a fill, a running sum, a total of the slot', () => {
    const filled = findEntry(({ line }) => line.filledWh > 1)
    expect(kindsOf(withLine(filled, { filledWh: 1 }))).toContain('slotSumsDiffer')
    expect(kindsOf(withEntry(5, (one) => ({ ...one, takenBeforeWh: one.takenBeforeWh + 1 })))).toContain(
      'slotSumsDiffer',
    )
    const headers = sample.record.headers.map((one, at) =>
      at === 2 ? { ...one, deliveredWh: one.deliveredWh + 1 } : one,
    )
    expect(kindsOf({ ...sample.record, headers })).toContain('slotSumsDiffer')
  })

  it('7.4 a slot hides entries between two others', () => {
    const headers = sample.record.headers.map((one, at) =>
      at === 2 ? { ...one, firstEntry: one.firstEntry + 1 } : one,
    )
    expect(kindsOf({ ...sample.record, headers })).toContain('slotSumsDiffer')
  })

  it('7.4 an order is listed twice, or out of order', () => {
    const { orderHash } = sample.record.entries[1]!.line
    expect(kindsOf(withLine(2, { orderHash }))).toContain('bookOutOfOrder')
  })

  it('7.4 a line says something else than its order', () => {
    const index = findEntry(({ line }) => line.filledWh === 0 && line.side === 'sell')
    expect(kindsOf(withLine(index, { limitGweiPerWh: 299_999 }))).toEqual(['lineDiffersFromOrder'])
  })
})

describe('7.5 what a cheating settlement can be caught at', () => {
  it('7.5 a trade comes to another amount', () => {
    const kinds = kindsOf(withEntry(4, (one) => ({ ...one, netWei: one.netWei + 1n })))
    expect(kinds).toContain('amountDiffers')
    expect(kinds).toContain('nodeSumsDiffer')
  })

  it('7.5 a meter is said to have counted something else than its reading', () => {
    const index = findEntry(({ readingHash }) => !/^0x0+$/.test(readingHash))
    expect(kindsOf(withEntry(index, (one) => ({ ...one, measuredWh: one.measuredWh + 1 })))).toContain('readingDiffers')
    const silent = findEntry(({ readingHash }) => /^0x0+$/.test(readingHash))
    expect(kindsOf(withEntry(silent, (one) => ({ ...one, measuredWh: 7 })))).toContain('readingDiffers')
  })

  it('7.5 a node loses an entry, its sum, or its place among the sums', () => {
    const { record } = sample
    const later = findEntry(({ previousEntry }) => previousEntry > 0)
    expect(kindsOf(withEntry(later, (one) => ({ ...one, previousEntry: 0 })))).toEqual(['nodeSumsDiffer'])
    const totals = record.totals.map((one, at) => (at === 1 ? { ...one, netWei: one.netWei - 1n } : one))
    expect(kindsOf({ ...record, totals })).toEqual(['nodeSumsDiffer', 'postedSumDiffers'])
    expect(kindsOf({ ...record, totals: record.totals.slice(1) })).toEqual(['nodeSumsDiffer', 'postedSumDiffers'])
  })

  it('7.5 another sum is posted than the record has', () => {
    const [first, second, ...rest] = netAmounts(sample.record)
    const postedNets = [{ ...first!, netWei: first!.netWei - 1n }, { ...second!, netWei: second!.netWei + 1n }, ...rest]
    const faults = checkSettlement(sample.record, evidenceOf(sample, { postedNets }))
    expect(faults.map(({ kind }) => kind)).toEqual(['postedSumDiffers', 'postedSumDiffers'])
  })

  it('7.5 a sum is posted for a node that has none in the record, which no leaf can prove', () => {
    const { record } = sample
    const stranger = `0x${'99'.repeat(20)}`
    const posted = (netWei: bigint) => [...netAmounts(record), { node: stranger, netWei }]
    const faults = checkSettlement(record, evidenceOf(sample, { postedNets: posted(5n) }))
    expect(faults).toEqual([
      {
        kind: 'postedSumDiffers',
        sentence: `5 wei are posted for ${stranger}, which has no sum in the day's record.`,
        leaves: [],
      },
    ])
    expect(challengeOf(record, faults[0]!, { signatureOf: () => null, nets: [] })).toBeNull()
    // A node that only holds certificates is posted with no money.
    expect(checkSettlement(record, evidenceOf(sample, { postedNets: posted(0n) }))).toEqual([])
  })

  it('tells each wrong in a sentence that names the slot or the node', () => {
    const faults = checkSettlement(
      withEntry(4, (one) => ({ ...one, netWei: one.netWei + 1n })),
      evidenceOf(sample),
    )
    expect(faults.map(({ sentence }) => sentence).join(' ')).toMatch(
      /The trade of 0xa+\w+ in slot 96 comes to -?\d+ wei/,
    )
  })
})
