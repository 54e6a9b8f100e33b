import { type EpochClock, epochOf } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { LedgerRow } from '../api/earnings.ts'
import type { BookRow, EarningHistory } from '../store/index.ts'
import type { OpenReward } from './open-rewards.ts'

/**
 * One page of the ledger, newest first: the lines of the chain, with the shares of ended epochs that no payment has settled
 * standing where their epoch ended. Costs what the page costs, however long the ledger is.
 */
export function ledgerRows(o: {
  readonly history: Pick<EarningHistory, 'newest' | 'countLater'>
  readonly openRewards: readonly OpenReward[]
  readonly clock: EpochClock | null
  readonly throughBlock: number
  readonly offset: number
  readonly limit: number
}): LedgerRow[] {
  const { history, throughBlock, offset, limit } = o
  const due = dueRewards(o.openRewards)
  // Where each stands in the whole list: after the later lines of the chain and the shares before it.
  const places = new Map(
    due.map((reward, before) => [before + history.countLater({ throughBlock, atSeconds: reward.atSeconds }), reward]),
  )
  const openBefore = [...places.keys()].filter((place) => place < offset).length
  const lines = history.newest({ throughBlock, offset: offset - openBefore, limit })
  const page: LedgerRow[] = []
  for (let place = offset, next = 0; page.length < limit; place++) {
    const reward = places.get(place)
    const line = lines[next]
    if (reward !== undefined) page.push(rowOfOpenReward(reward))
    else if (line === undefined) break
    else {
      page.push(ledgerRowOf(line, o.clock))
      next++
    }
  }
  return page
}

/** How many shares a ledger shows beside the lines of the chain. */
export function countOpenRewards(openRewards: readonly OpenReward[]): number {
  return dueRewards(openRewards).length
}

/** A line of the chain as the window gets it: what leaves the earnings is negative. */
export function ledgerRowOf(row: BookRow, clock: EpochClock | null): LedgerRow {
  const out = row.kind === 'claim' || row.kind === 'stake'
  return {
    id: `${row.blockNumber}-${row.logIndex}-${row.part}`,
    atMs: row.atSeconds * 1000,
    kind: row.kind,
    role: row.role,
    node: row.node,
    customer: row.customer,
    work: row.work,
    epoch: row.ofSeconds === null || clock === null ? null : epochOf(row.ofSeconds, clock),
    amountWei: (out ? -row.amountWei : row.amountWei).toString(),
    burnedWei: row.burnedWei.toString(),
    blockNumber: row.blockNumber,
    transactionHash: row.transactionHash,
  }
}

/** A share that is the operator's and that no transaction has settled yet. */
export function rowOfOpenReward({ role, epoch, wei, atSeconds }: OpenReward): LedgerRow {
  return {
    id: `open-${role}-${epoch}`,
    atMs: atSeconds * 1000,
    kind: 'reward',
    role,
    node: null,
    customer: null,
    work: null,
    epoch,
    amountWei: wei.toString(),
    burnedWei: '0',
    blockNumber: null,
    transactionHash: null,
  }
}

/** Lines that are read from disk at once. */
const batchRows = 250

/** The chain was reorganized while the ledger was read: what was taken of it is not what the chain says now. */
export class LedgerChangedError extends HearthError {
  constructor() {
    super('LEDGER_CHANGED', 'The chain took back some of its last blocks while the list was being read.', {
      action: 'Do it again.',
    })
  }
}

/** The whole ledger, oldest first, read in batches as it is taken. Throws LedgerChangedError on the way. */
export function* oldestFirst(o: {
  readonly history: Pick<EarningHistory, 'oldest' | 'generation'>
  readonly openRewards: readonly OpenReward[]
  readonly clock: EpochClock | null
  readonly throughBlock: number
}): Generator<LedgerRow> {
  const due = dueRewards(o.openRewards).toReversed()
  const generation = o.history.generation()
  for (let place: BookRow | null = null; ;) {
    const rows = o.history.oldest(place, batchRows)
    if (o.history.generation() !== generation) throw new LedgerChangedError()
    for (const row of rows) {
      if (row.blockNumber > o.throughBlock) continue
      while (due.length > 0 && due[0]!.atSeconds < row.atSeconds) yield rowOfOpenReward(due.shift()!)
      yield ledgerRowOf(row, o.clock)
    }
    place = rows.at(-1) ?? null
    if (rows.length < batchRows) break
  }
  yield* due.map(rowOfOpenReward)
}

/** Shares of ended epochs, the last to end first. */
function dueRewards(openRewards: readonly OpenReward[]): readonly OpenReward[] {
  return openRewards
    .filter((reward) => !reward.running && reward.wei > 0n)
    .toSorted((left, right) => right.atSeconds - left.atSeconds)
}
