import type { EarningDay } from '../api/channels.ts'
import type { EarningsOverview, LedgerPage, LedgerRow } from '../api/earnings.ts'
import type { EarningsSummary } from '../api/snapshot.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { currentPeriod, listDataSets, readLatestBlock, readTiming } from '../../contracts/client/index.ts'
import type { Chain, Timing } from '../../contracts/client/index.ts'
import type { EarningHistory, GasLedger } from '../store/index.ts'
import { accruingWei } from './accruing.ts'
import type { WeekConditions } from './compare-weeks.ts'
import { composeOverview, type ClaimTerms } from './compose-overview.ts'
import { followTotals } from './follow-totals.ts'
import { ledgerRows, oldestFirst } from './ledger-page.ts'
import { lastLocalDays, localDayOf, localDayStartMs } from './local-day.ts'
import { readStanding, type Standing, textOfSums } from './read-standing.ts'
import { earningsByDay } from './spans.ts'
import { summarizeEarnings } from './sum-earnings.ts'

/** The chain has not answered since the start, so nothing can be compared with it. */
export class BooksUnreadError extends HearthError {}

/** What one operator earned, kept on disk and brought up to date from the chain. */
export type EarningsBook = {
  /** Reads what is new on the chain. `unredeemedWei`: vouchers that this machine's workers hold. */
  refresh(options: { unredeemedWei: bigint }): Promise<EarningsSummary>
  /** The last summary; null before the first refresh. */
  summary(): EarningsSummary | null
  byDay(days: number): EarningDay[]
  todayWei(role: RoleName): string
  /** When the chain last recorded a payment for a role, epoch milliseconds. */
  lastPaidAtMs(role: RoleName): number | null
  /** One page of all lines, newest first, with sums over all of them. Throws BooksUnreadError before the first refresh. */
  ledger(page: { offset: number; limit: number }): LedgerPage
  /** The figures of the earnings page. Throws BooksUnreadError before the first refresh. */
  overview(options: {
    terms: ClaimTerms
    conditions?: (fromSeconds: number, toSeconds: number) => WeekConditions | null
  }): EarningsOverview
  /** All lines, oldest first, as of the last refresh; read from disk as they are taken. */
  rows(): Iterable<LedgerRow>
}

export type EarningsBookParts = {
  readonly chain: Chain
  readonly operator: string
  /** This machine's role keys, whose open work counts as accruing. */
  readonly nodes: readonly string[]
  readonly history: EarningHistory
  readonly gas: GasLedger
}

/** Opens the book of one operator. */
export function openEarningsBook(o: EarningsBookParts): EarningsBook {
  const following = followTotals(o.history, localDayOf)
  const readAccruing = accruingReader(o)
  let standing: Standing | null = null
  let summary: EarningsSummary | null = null
  let today: { startMs: number; standing: Standing | null; day: EarningDay } | null = null

  function read(): Standing {
    if (standing !== null) return standing
    throw new BooksUnreadError('BOOKS_UNREAD', 'The earnings have not been compared with the chain yet.', {
      action: 'Wait a moment; if it stays so, look whether the network answers.',
    })
  }

  const byDay = (days: number) =>
    earningsByDay({
      totals: following.totals(),
      openRewards: standing?.openRewards ?? [],
      days: lastLocalDays(Date.now(), days),
      localDay: localDayOf,
    })

  /** Snapshots ask for every role several times a second. */
  function ofToday(): EarningDay {
    const startMs = localDayStartMs(Date.now())
    if (today?.startMs !== startMs || today.standing !== standing) today = { startMs, standing, day: byDay(1)[0]! }
    return today.day
  }

  return {
    async refresh({ unredeemedWei }) {
      const found = await readStanding({ ...o, following })
      const accruing = await readAccruing(unredeemedWei)
      standing = found
      summary = summarizeEarnings({
        ...{ totals: following.totals(), contract: found.contract, openRewards: found.openRewards },
        ...{ accruingWei: accruing, gasWei: o.gas.spentSinceWei(0), asOfBlock: found.blockNumber },
      })
      return summary
    },
    summary: () => summary,
    byDay,
    todayWei: (role) => ofToday().byRole[role] ?? '0',
    lastPaidAtMs(role) {
      const seconds = following.totals().paidAtSeconds(role)
      return seconds === null ? null : seconds * 1000
    },
    ledger: (page) => ({
      total: read().total,
      rows: ledgerRows({ ...page, ...ledgerOf(read()) }),
      sums: textOfSums(read()),
    }),
    overview({ terms, conditions = () => null }) {
      const { openRewards, chainSeconds, contract, reconciles } = read()
      const totals = following.totals()
      return composeOverview({
        ...{ totals, openRewards, terms, conditions, chainSeconds, reconciles, clock: totals.clock! },
        ...{ claimableWei: contract.claimableWei, localDay: localDayOf, nowMs: Date.now() },
      })
    },
    rows: () => oldestFirst(ledgerOf(read())),
  }

  function ledgerOf({ openRewards, blockNumber }: Standing) {
    return { history: o.history, openRewards, clock: following.totals().clock, throughBlock: blockNumber }
  }
}

/** Reads what is on its way to the machine's roles: vouchers that are handed in, and open work by the chain. */
function accruingReader({ chain, nodes }: EarningsBookParts): (unredeemedWei: bigint) => Promise<bigint> {
  let timing: Timing | null = null
  return async (unredeemedWei) => {
    timing ??= await readTiming(chain)
    const block = await readLatestBlock(chain)
    const dataSets = (await Promise.all(nodes.map((node) => listDataSets(chain, { node })))).flat()
    return accruingWei({ unredeemedWei, dataSets, currentPeriod: currentPeriod(block.timestampSeconds, timing) })
  }
}
