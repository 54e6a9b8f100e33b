import { z } from 'zod'
import { addressSchema, bytes32Schema } from '../../api/values.ts'
import { dayKey, slotKey } from './market.ts'
import { type MerkleList, rootAbove } from './merkle-list.ts'
import { type DayRecord, dayTree, hashRun } from './settlement/day-record.ts'
import { hashLineSums } from './settlement/slot-book.ts'
import { sideNumbers } from './typed-data.ts'
import { bytesOfHex, hashWords, hexOfBytes } from './words.ts'

const whole = z.number().int().nonnegative()

/**
 * One trade shown to whoever holds its code, and nothing else (PROTOCOL 7.3): the own line and the own measure in the clear, what tells of
 * neighbours as a hash, and the way to the day's root on chain.
 */
export const disclosureSchema = z.strictObject({
  chainId: whole,
  contract: addressSchema,
  community: bytes32Schema,
  day: whole,
  slot: whole,
  line: z.strictObject({
    orderHash: bytes32Schema,
    node: addressSchema,
    side: z.enum(['sell', 'buy']),
    limitGweiPerWh: whole,
    wattHours: whole,
    filledWh: whole,
    salt: bytes32Schema,
  }),
  measure: z.strictObject({
    measuredWh: whole,
    readingHash: bytes32Schema,
    netWei: z.string().regex(/^-?(0|[1-9][0-9]*)$/),
    salt: bytes32Schema,
  }),
  sumsHash: bytes32Schema,
  runHash: bytes32Schema,
  leafIndex: whole,
  slotCount: whole,
  entryCount: whole,
  nodeCount: whole,
  certifiedCount: whole,
  proof: z.array(bytes32Schema).max(32),
})
export type Disclosure = Readonly<z.infer<typeof disclosureSchema>>

/** Shows one entry of a day. Throws a RangeError where there is none. */
export function disclose(record: DayRecord, entryIndex: number, tree: MerkleList = dayTree(record)): Disclosure {
  const { at, day, headers, entries, totals, certified } = record
  const entry = entries[entryIndex]
  const head = headers.find(({ firstEntry, orderCount }) => entryIndex < firstEntry + orderCount)
  if (entry === undefined || head === undefined) throw new RangeError(`Day ${day} has no entry ${entryIndex}.`)
  const { orderHash, node, side, limitGweiPerWh, wattHours, filledWh, salt } = entry.line
  const { measuredWh, readingHash, netWei, measureSalt } = entry
  return {
    ...{ chainId: at.chainId, contract: at.contract, community: at.community, day, slot: head.slot },
    line: { orderHash, node, side, limitGweiPerWh, wattHours, filledWh, salt: hexOfBytes(salt) },
    measure: { measuredWh, readingHash, netWei: String(netWei), salt: hexOfBytes(measureSalt) },
    sumsHash: hexOfBytes(hashLineSums(entry.line)),
    runHash: hexOfBytes(hashRun(entry)),
    leafIndex: headers.length + entryIndex,
    ...{
      slotCount: headers.length,
      entryCount: entries.length,
      nodeCount: totals.length,
      certifiedCount: certified.length,
    },
    proof: tree.prove(headers.length + entryIndex).map(hexOfBytes),
  }
}

/** True when what is shown belongs to this day's root as the chain has it: nothing in it can be other than it was settled. */
export function isDisclosed(dayRoot: string, shown: Disclosure): boolean {
  const { leafIndex, slotCount, entryCount, nodeCount, certifiedCount, day } = shown
  if (leafIndex < slotCount || leafIndex >= slotCount + entryCount) return false
  const count = slotCount + entryCount + nodeCount + certifiedCount
  const root = rootAbove({ count, index: leafIndex, leaf: leafOf(shown), proof: shown.proof.map(bytesOfHex) })
  if (root === null) return false
  return (
    hexOfBytes(hashWords(dayKey(shown, day), root, entryCount, nodeCount, certifiedCount)) === dayRoot.toLowerCase()
  )
}

function leafOf({ line, measure, sumsHash, runHash, slot, ...at }: Disclosure): Uint8Array {
  const { orderHash, node, side, limitGweiPerWh, wattHours, filledWh } = line
  const lineHash = hashWords(orderHash, node, sideNumbers[side], limitGweiPerWh, wattHours, filledWh, line.salt)
  const measureHash = hashWords(measure.measuredWh, measure.readingHash, BigInt(measure.netWei), measure.salt)
  return hashWords(hashWords(slotKey(at, slot), lineHash, sumsHash), measureHash, runHash)
}
