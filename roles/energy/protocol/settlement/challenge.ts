import type {
  EnergyChallenge,
  EnergyEntryLeaf,
  EnergyEvidence,
  EnergyHeaderLeaf,
  EnergyNet,
  EnergyTotalLeaf,
} from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../api/values.ts'
import { type MerkleList } from '../merkle-list.ts'
import { sideNumbers } from '../typed-data.ts'
import { hexOfBytes } from '../words.ts'
import { type DayRecord, dayTree, leafIndex, type LeafRef } from './day-record.ts'
import type { Fault } from './fault.ts'
import { zeroAddress, zeroHash } from './settle-day.ts'

/** What a challenge needs besides the record. */
export type ChallengeOptions = {
  /** The settler's signature of its result; null leaves the poster liable. */
  readonly signatureOf: (slot: number) => string | null
  /** As they were posted. */
  readonly nets: readonly EnergyNet[]
  readonly tree?: MerkleList
}

/**
 * The call that proves a fault to EnergyMarket. Null for faults that the contract does not judge (README, "Challenges"): who finds one keeps the
 * record, leaves the community and says why.
 */
export function challengeOf(record: DayRecord, fault: Fault, options: ChallengeOptions): EnergyChallenge | null {
  const tree = options.tree ?? dayTree(record)
  switch (fault.kind) {
    case 'orderLeftOut':
    case 'betterOrderUnfilled':
    case 'fillOutsideLimit':
    case 'bookOutOfOrder':
      return slotChallenge(record, fault, fault.kind, options, tree)
    case 'slotSumsDiffer': {
      const kind = sumsFault(record, fault)
      return kind === null ? null : slotChallenge(record, fault, kind, options, tree)
    }
    case 'nodeSumsDiffer':
      return nodeChallenge(record, fault, tree)
    case 'postedSumDiffers': {
      const [total] = fault.leaves
      if (total === undefined) return null
      return { kind: 'posted', total: totalLeaf(record, total.index, tree), nets: options.nets }
    }
    case 'unfairAtTheMargin':
    case 'lineDiffersFromOrder':
    case 'amountDiffers':
    case 'readingDiffers':
      return null
  }
}

type SlotFault = Extract<EnergyChallenge, { readonly kind: 'slot' }>['fault']

function slotChallenge(
  record: DayRecord,
  { leaves, against }: Fault,
  fault: SlotFault,
  { signatureOf }: ChallengeOptions,
  tree: MerkleList,
): EnergyChallenge {
  const [head, ...entries] = leaves
  const header = headerLeaf(record, head!.index, tree)
  const receipt = against?.kind === 'receipt' ? against : null
  const evidence: EnergyEvidence = {
    settlerSignature: signatureOf(header.slot) ?? '0x',
    orderHash: receipt?.receipt.orderHash ?? zeroHash,
    orderNode: receipt?.receipt.node ?? zeroAddress,
    receiptSignature: receipt?.signature ?? '0x',
  }
  return { kind: 'slot', fault, header, entries: entries.map(({ index }) => entryLeaf(record, index, tree)), evidence }
}

/** Sums break between two neighbours, or end elsewhere than the header says; the other ways are not judged on chain. */
function sumsFault({ headers }: DayRecord, { leaves }: Fault): 'sumsBreak' | 'sumsEndElsewhere' | null {
  const [first, second, third] = leaves
  if (first?.list !== 'header' || second?.list !== 'entry') return null
  if (third !== undefined) return 'sumsBreak'
  const { firstEntry, orderCount } = headers[first.index]!
  return second.index + 1 === firstEntry + orderCount ? 'sumsEndElsewhere' : null
}

function nodeChallenge(record: DayRecord, { leaves }: Fault, tree: MerkleList): EnergyChallenge | null {
  const [first] = leaves
  const open = (numbers: readonly number[]): EnergyEntryLeaf[] => numbers.map((index) => entryLeaf(record, index, tree))
  if (first?.list === 'total') {
    const { node, lastEntry } = record.totals[first.index]!
    const last = 1 + record.entries.findLastIndex(({ line }) => sameAddress(line.node, node))
    const other = Math.max(last, lastEntry)
    if (other > record.entries.length) return null
    const total = totalLeaf(record, first.index, tree)
    return { kind: 'node', fault: 'totalDiffers', total, entries: other === 0 ? [] : open([other - 1]) }
  }
  if (leaves.some(({ list }) => list === 'total') || record.totals.length === 0) return null
  const index = leaves.at(-1)!.index
  const { line, run } = entryLeaf(record, index, tree)
  const previous = 1 + record.entries.slice(0, index).findLastIndex((one) => sameAddress(one.line.node, line.node))
  const other = run.previousEntry > index ? 0 : Math.max(previous, run.previousEntry)
  const entries = open(other === 0 ? [index] : [index, other - 1])
  return { kind: 'node', fault: 'chainBreaks', total: totalLeaf(record, 0, tree), entries }
}

function siblings(record: DayRecord, ref: LeafRef, tree: MerkleList): string[] {
  return tree.prove(leafIndex(record, ref)).map(hexOfBytes)
}

function headerLeaf(record: DayRecord, index: number, tree: MerkleList): EnergyHeaderLeaf {
  const { slot, salt, ...figures } = record.headers[index]!
  return {
    slot,
    figures: { ...figures, salt: hexOfBytes(salt) },
    siblings: siblings(record, { list: 'header', index }, tree),
  }
}

function entryLeaf(record: DayRecord, index: number, tree: MerkleList): EnergyEntryLeaf {
  const { line, measuredWh, readingHash, netWei, measureSalt, runSalt, ...run } = record.entries[index]!
  const { salt, sumsSalt, boughtBeforeWh, soldBeforeWh, side, ...order } = line
  const head = record.headers.find(
    ({ firstEntry, orderCount }) => index >= firstEntry && index < firstEntry + orderCount,
  )!
  return {
    slot: head.slot,
    index,
    line: { ...order, side: sideNumbers[side], salt: hexOfBytes(salt) },
    sums: { boughtBeforeWh, soldBeforeWh, salt: hexOfBytes(sumsSalt) },
    measure: { measuredWh, readingHash, netWei, salt: hexOfBytes(measureSalt) },
    run: { ...run, salt: hexOfBytes(runSalt) },
    siblings: siblings(record, { list: 'entry', index }, tree),
  }
}

function totalLeaf(record: DayRecord, index: number, tree: MerkleList): EnergyTotalLeaf {
  const { salt, ...total } = record.totals[index]!
  return { ...total, index, salt: hexOfBytes(salt), siblings: siblings(record, { list: 'total', index }, tree) }
}

/** What a day's root is made from, as the contract takes it. */
export function treeFigures({ entries, totals, certified }: DayRecord, tree: MerkleList) {
  return {
    treeRoot: hexOfBytes(tree.root),
    entryCount: entries.length,
    nodeCount: totals.length,
    certificateCount: certified.length,
  }
}
