import { dayKey, slotKey } from '../market.ts'
import { type MerkleList, standsInList } from '../merkle-list.ts'
import {
  type DayRecord,
  dayTree,
  hashCertified,
  hashEntry,
  hashHeader,
  hashTotal,
  leafIndex,
  type LeafRef,
} from './day-record.ts'

/** A leaf of a day with the way to its root: what a challenge hands to the contract. */
export type Opening = {
  /** Number of the leaf in the tree. */
  readonly index: number
  readonly leaf: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Opens leaves of a day. Building the tree is the work; pass one that was built before. */
export function openLeaves(record: DayRecord, refs: readonly LeafRef[], tree: MerkleList = dayTree(record)): Opening[] {
  return refs.map((ref) => {
    const index = leafIndex(record, ref)
    return { index, leaf: hashLeaf(record, ref), proof: tree.prove(index) }
  })
}

/** True when the opening belongs to the tree of a day with this tree root. */
export function isOpened(treeRoot: Uint8Array, leafCount: number, opening: Opening): boolean {
  return standsInList({ root: treeRoot, count: leafCount, ...opening })
}

/** The leaf itself. Throws a RangeError where there is none. */
export function hashLeaf(record: DayRecord, { list, index }: LeafRef): Uint8Array {
  const { at, day, headers, entries, totals, certified } = record
  const missing = (): never => {
    throw new RangeError(`Day ${day} has no ${list} ${index}.`)
  }
  switch (list) {
    case 'header':
      return hashHeader(at, headers[index] ?? missing())
    case 'entry': {
      const head = headers.find(({ firstEntry, orderCount }) => index >= firstEntry && index < firstEntry + orderCount)
      return hashEntry(slotKey(at, (head ?? missing()).slot), entries[index] ?? missing())
    }
    case 'total':
      return hashTotal(dayKey(at, day), totals[index] ?? missing())
    case 'certified':
      return hashCertified(dayKey(at, day), certified[index] ?? missing())
  }
}
