import { sameAddress } from '../../../api/values.ts'
import type { Market } from '../market.ts'
import { energyHash, isSignedBy, type SlotReading } from '../typed-data.ts'
import type { CountedReading } from './settle-day.ts'
import { zeroHash } from './settle-day.ts'

export type SignedReading = { readonly reading: SlotReading; readonly signature: string }

/** Readings that hold, by node in lower case as `settleDay` takes them, and what is wrong with the others. */
export type JudgedReadings = {
  readonly counted: ReadonlyMap<string, CountedReading>
  readonly refused: readonly { readonly node: string; readonly sentence: string }[]
}

/**
 * Which readings of a slot count for money: signed by the admitted meter's node, for this slot and community, and continuing the node's chain by
 * hash and registers, so that nothing can be counted twice or in another slot. `lastOf` is the node's last reading before the slot.
 */
export function judgeReadings(
  at: Market & { readonly community: string },
  slot: number,
  readings: readonly SignedReading[],
  known: { readonly meterOf: (node: string) => string | null; readonly lastOf: (node: string) => SlotReading | null },
): JudgedReadings {
  const counted = new Map<string, CountedReading>()
  const refused: { node: string; sentence: string }[] = []
  for (const { reading, signature } of readings) {
    const wrong = counted.has(reading.node.toLowerCase())
      ? `The home has sent two readings for slot ${slot}.`
      : whatIsWrong(at, slot, reading, signature, known)
    if (wrong !== null) refused.push({ node: reading.node, sentence: wrong })
    else
      counted.set(reading.node.toLowerCase(), { ...reading, hash: energyHash(at, { kind: 'Reading', value: reading }) })
  }
  return { counted, refused }
}

function whatIsWrong(
  at: Market & { readonly community: string },
  slot: number,
  reading: SlotReading,
  signature: string,
  { meterOf, lastOf }: Parameters<typeof judgeReadings>[3],
): string | null {
  if (reading.slot !== slot) return `The reading is of slot ${reading.slot}, not ${slot}.`
  if (!sameAddress(reading.community, at.community)) return 'The reading is for another community.'
  if (meterOf(reading.node)?.toLowerCase() !== reading.meter.toLowerCase())
    return 'The meter is not the one admitted for this home.'
  if (!isSignedBy(at, { kind: 'Reading', value: reading }, signature, reading.node))
    return 'The reading is not signed by its home.'
  const last = lastOf(reading.node)
  if (reading.previous !== (last === null ? zeroHash : energyHash(at, { kind: 'Reading', value: last })))
    return 'The reading does not follow from the one before it.'
  if (last === null) return null
  const importedWh = reading.importRegisterWh - last.importRegisterWh
  const exportedWh = reading.exportRegisterWh - last.exportRegisterWh
  if (importedWh < 0 || exportedWh < 0) return 'A register of the meter went back.'
  if (reading.importWh > importedWh || reading.exportWh > exportedWh)
    return 'More is claimed for the slot than the registers moved.'
  const follows = reading.slot === last.slot + 1
  const isExact = reading.importWh === importedWh && reading.exportWh === exportedWh
  return follows && !isExact ? 'The slot and the registers differ.' : null
}
