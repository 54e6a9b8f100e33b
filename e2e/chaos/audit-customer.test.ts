import { expect, it } from 'vitest'
import type { StorageEvent } from '../../contracts/client/index.ts'
import { paidTwice } from './audit-customer.ts'

const place = { customer: '0xc', node: '0xn', blockNumber: 1, blockHash: '0x', transactionHash: '0x', logIndex: 0 }
const added = (firstIndex: number, ...roots: string[]): StorageEvent => ({
  ...{ ...place, kind: 'piecesAdded', firstIndex, sequence: 0 },
  pieces: roots.map((root) => ({ root, lengthBytes: 1 })),
})

it('finds a piece that is added where it is paid for already', () => {
  expect(paidTwice([added(0, 'a', 'b'), added(2, 'b')])).toEqual(['b on 0xn'])
  expect(paidTwice([added(0, 'a'), { ...added(0, 'a'), node: '0xother' }])).toEqual([])
})

it('lets a piece come back after it was taken out, or after its contract ended', () => {
  expect(paidTwice([added(0, 'a', 'b'), { ...place, kind: 'pieceRemoved', index: 1 }, added(2, 'b')])).toEqual([])
  expect(paidTwice([added(0, 'a'), { ...place, kind: 'setEnded' }, added(0, 'a')])).toEqual([])
  expect(paidTwice([added(0, 'a', 'b'), { ...place, kind: 'pieceRemoved', index: 0 }, added(2, 'b')])).toHaveLength(1)
})
