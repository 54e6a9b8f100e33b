import { describe, expect, it } from 'vitest'
import { hashWords, hexOfBytes, type Word } from '../words.ts'
import { hashBookLeaf } from './slot-book.ts'
import { hashMeasure, hashRun, hashTotal, type Entry } from './day-record.ts'
import { settleTrade } from './settle-slot.ts'

const word = (value: number): Uint8Array => new Uint8Array(32).fill(value, 31)
const address = (tail: string): string => `0x${tail.padStart(40, '0')}`

const entry: Entry = {
  line: {
    orderHash: hexOfBytes(word(11)),
    node: address('b0b'),
    side: 'buy',
    limitGweiPerWh: 260_000,
    wattHours: 200,
    filledWh: 200,
    salt: word(12),
    boughtBeforeWh: 0,
    soldBeforeWh: 300,
    sumsSalt: word(13),
  },
  measuredWh: 200,
  readingHash: hexOfBytes(word(14)),
  netWei: -28n * 10n ** 15n,
  measureSalt: word(15),
  deliveredBeforeWh: 240,
  takenBeforeWh: 0,
  nodeNetBeforeWei: -(10n ** 18n),
  previousEntry: 2,
  runSalt: word(16),
}
const hash = (...words: Word[]): string => hexOfBytes(hashWords(...words))

/** Figures that a Solidity compiler gave for keccak256(abi.encode(...)) of the same structs; they must never change. */
describe('leaves of a day', () => {
  const header = hash(word(1), address('abc'), word(2), 3, 4, 200_000, 300, 240, 300, word(5), word(6))
  const leaf = hash(hashBookLeaf(word(1), entry.line), hashMeasure(entry), hashRun(entry))
  const total = hashTotal(word(7), { node: address('b0b'), netWei: -5n * 10n ** 18n, lastEntry: 3, salt: word(9) })

  it('are those that Solidity wrote', () => {
    expect({ header, leaf, total: hexOfBytes(total), root: hash(word(7), total, 4, 3, 2) }).toEqual({
      header: '0x1eb2487982c9b9988439b0d25223546c1b9e0a133a0b0cc439ae30a80828a611',
      leaf: '0x4e17620685f7f9bab16898d189d4d52ab8a748ec226db12b9e9e6b82659d8c5e',
      total: '0xe3dd46723940105d50b17b809e6c68a6bc51e8b7d5022238069969bb9becf1a4',
      root: '0x159319a86038d15c306814ce3736782f03a850b5025ed22687331878b12bab95',
    })
  })

  it('come to the money that the leaf says', () => {
    const trade = { side: 'buy', filledWh: 200, measuredWh: 200 } as const
    const before = { soldWh: 300, boughtWh: 0, deliveredWh: 240, takenWh: 0 }
    const slot = { tradedWh: 300, deliveredWh: 240, takenWh: 300 }
    const tariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
    expect(settleTrade(trade, before, slot, 200_000, tariff).netWei).toBe(entry.netWei)
  })
})
