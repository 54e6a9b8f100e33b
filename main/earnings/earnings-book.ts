import type { EarningDay } from '../api/channels.ts'
import type { EarningsSummary } from '../api/snapshot.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import {
  currentPeriod,
  listDataSets,
  readEarningEvents,
  readEpochClock,
  readLatestBlock,
  readOperatorEarnings,
  readTiming,
} from '../../contracts/client/index.ts'
import type { Chain, EpochClock, Timing } from '../../contracts/client/index.ts'
import type { Earning, EarningHistory, GasLedger } from '../store/index.ts'
import { accruingWei } from './accruing.ts'
import { earningsCsv } from './earnings-csv.ts'
import { gatherEarnings } from './gather-earnings.ts'
import type { EarningSource } from './gather-earnings.ts'
import { lastLocalDays, localDayOf, localDayStartMs } from './local-day.ts'
import { readOpenRewards } from './open-rewards.ts'
import type { OpenReward } from './open-rewards.ts'
import { earningsByDay, incomesOf, summarizeEarnings, weiByRole } from './sum-earnings.ts'
import type { OperatorEarnings } from './sum-earnings.ts'

/** Between two reads of a chain a payment may land; after so many tries a difference is a real one and is shown. */
const steadyAttempts = 3

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
  csv(): string
}

/** Opens the book of one operator; `nodes` are this machine's role keys, whose open work counts as accruing. */
export function openEarningsBook(o: {
  chain: Chain
  operator: string
  nodes: readonly string[]
  history: EarningHistory
  gas: GasLedger
}): EarningsBook {
  const source = earningSource(o.chain, o.operator)
  let copy = { revision: o.history.revision(), events: o.history.since(0) }
  let today: {
    startMs: number
    revision: number
    open: readonly OpenReward[]
    weiByRole: Partial<Record<RoleName, string>>
  } | null = null
  let summary: EarningsSummary | null = null
  let timing: Timing | null = null
  let clock: EpochClock | null = null
  let open: readonly OpenReward[] = []

  /** Read again only after a payment or a reorganization: snapshots ask several times a second. */
  function events(): readonly Earning[] {
    const revision = o.history.revision()
    if (copy.revision !== revision) copy = { revision, events: o.history.since(0) }
    return copy.events
  }

  function todayByRole(): Partial<Record<RoleName, string>> {
    const startMs = localDayStartMs(Date.now())
    const revision = o.history.revision()
    if (today?.startMs !== startMs || today.revision !== revision || today.open !== open) {
      const ofToday = incomesOf(events(), open).filter((income) => income.atSeconds * 1000 >= startMs)
      today = { startMs, revision, open, weiByRole: weiByRole(ofToday) }
    }
    return today.weiByRole
  }

  /** All at one block, whose time decides which epochs are over. */
  async function readSteadily(): Promise<{ contract: OperatorEarnings; asOfBlock: number }> {
    clock ??= await readEpochClock(o.chain)
    for (let attempt = 1; ; attempt++) {
      const end = await gatherEarnings(o.history, source, o.chain.network.deployedAtBlock)
      const at = { blockTag: end.blockNumber, timestampSeconds: end.timestampSeconds }
      const contract = await readOperatorEarnings(o.chain, o.operator, at)
      open = await readOpenRewards(o.chain, clock, events(), at)
      const total = incomesOf(events(), open).reduce((sum, { wei }) => sum + wei, 0n)
      if (total === contract.earnedWei || attempt === steadyAttempts) return { contract, asOfBlock: end.blockNumber }
    }
  }

  async function readAccruing(unredeemedWei: bigint): Promise<bigint> {
    timing ??= await readTiming(o.chain)
    const block = await readLatestBlock(o.chain)
    const dataSets = (await Promise.all(o.nodes.map((node) => listDataSets(o.chain, { node })))).flat()
    return accruingWei({ unredeemedWei, dataSets, currentPeriod: currentPeriod(block.timestampSeconds, timing) })
  }

  return {
    async refresh({ unredeemedWei }) {
      const { contract, asOfBlock } = await readSteadily()
      const accruing = await readAccruing(unredeemedWei)
      summary = summarizeEarnings({
        events: events(),
        contract,
        openRewards: open,
        accruingWei: accruing,
        gasWei: o.gas.spentSinceWei(0),
        asOfBlock,
      })
      return summary
    },
    summary: () => summary,
    byDay: (days) =>
      earningsByDay(incomesOf(events(), open), { days: lastLocalDays(Date.now(), days), localDay: localDayOf }),
    todayWei: (role) => todayByRole()[role] ?? '0',
    lastPaidAtMs(role) {
      const last = events().findLast((event) => event.role === role)
      return last === undefined ? null : last.atSeconds * 1000
    },
    csv: () => earningsCsv(events()),
  }
}

/** The chain as `gatherEarnings` wants it. */
function earningSource(chain: Chain, operator: string): EarningSource {
  return {
    async latest() {
      const { number, hash, timestampSeconds } = await readLatestBlock(chain)
      return { blockNumber: number, blockHash: hash, timestampSeconds }
    },
    hashAt: async (blockNumber) => (await chain.provider.getBlock(blockNumber))?.hash ?? null,
    earnings: (fromBlock, toBlock): Promise<readonly Earning[]> =>
      readEarningEvents(chain, operator, { fromBlock, toBlock }),
  }
}
