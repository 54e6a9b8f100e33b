import {
  type Chain,
  type EpochClock,
  epochOf,
  readEpochClock,
  readLatestBlock,
  readMovements,
  readOperatorEarnings,
} from '../../contracts/client/index.ts'
import type { LedgerPage } from '../api/earnings.ts'
import type { EarningHistory } from '../store/index.ts'
import { bookRowsOf } from './book-rows.ts'
import type { FollowedTotals } from './follow-totals.ts'
import { type EarningSource, gatherEarnings } from './gather-earnings.ts'
import { countOpenRewards } from './ledger-page.ts'
import { dueSecondsOf, type OpenReward, readOpenRewards } from './open-rewards.ts'
import { type LedgerSums, type OperatorEarnings, reconciles, sumLedger } from './sum-earnings.ts'

/** Between two reads of a chain a payment may land; after so many tries a difference is a real one and is shown. */
const steadyAttempts = 3

/** How the books stand against the contract, all as of one block. */
export type Standing = {
  readonly blockNumber: number
  readonly chainSeconds: number
  readonly contract: OperatorEarnings
  readonly openRewards: readonly OpenReward[]
  readonly sums: LedgerSums
  readonly reconciles: boolean
  /** Lines of the ledger. */
  readonly total: number
}

/** Gathers what is new and compares; all at one block, whose time decides which epochs are over. */
export async function readStanding(o: {
  readonly chain: Chain
  readonly operator: string
  readonly history: EarningHistory
  readonly following: FollowedTotals
}): Promise<Standing> {
  const { chain, operator, history, following } = o
  const clock = following.totals().clock ?? (await readEpochClock(chain))
  const source = earningSource(chain, operator, clock)
  following.useClock(clock)
  for (let attempt = 1; ; attempt++) {
    const end = await gatherEarnings(history, source, chain.network.deployedAtBlock)
    const at = { blockTag: end.blockNumber, timestampSeconds: end.timestampSeconds }
    const totals = following.totals()
    const contract = await readOperatorEarnings(chain, operator, at)
    const openRewards = await readOpenRewards(chain, clock, totals.openWeights(), at)
    const sums = sumLedger(totals, openRewards)
    const agree = reconciles(sums, contract)
    if (!agree && attempt < steadyAttempts) continue
    return {
      ...{ blockNumber: end.blockNumber, chainSeconds: end.timestampSeconds },
      ...{ contract, openRewards, sums, reconciles: agree },
      total: totals.sums.rows + countOpenRewards(openRewards),
    }
  }
}

/** The sums of a ledger page beside what the contract says. */
export function textOfSums({ sums, contract, reconciles: agree }: Standing): LedgerPage['sums'] {
  return {
    earnedWei: sums.earnedWei.toString(),
    rewardsWei: sums.rewardsWei.toString(),
    claimedWei: sums.claimedWei.toString(),
    movedToStakeWei: sums.movedToStakeWei.toString(),
    burnedWei: sums.burnedWei.toString(),
    contractEarnedWei: contract.earnedWei.toString(),
    contractRewardsWei: contract.rewardsWei.toString(),
    contractClaimedWei: contract.claimedWei.toString(),
    contractMovedToStakeWei: contract.movedToStakeWei.toString(),
    contractBurnedWei: contract.burnedWei.toString(),
    contractClaimableWei: contract.claimableWei.toString(),
    reconciles: agree,
  }
}

/** The chain as `gatherEarnings` wants it. */
function earningSource(chain: Chain, operator: string, clock: EpochClock): EarningSource {
  return {
    async latest() {
      const { number, hash, timestampSeconds } = await readLatestBlock(chain)
      return { blockNumber: number, blockHash: hash, timestampSeconds }
    },
    hashAt: async (blockNumber) => (await chain.provider.getBlock(blockNumber))?.hash ?? null,
    rows: async (fromBlock, toBlock) =>
      (await readMovements(chain, operator, { fromBlock, toBlock })).flatMap(bookRowsOf),
    dueSeconds: (ofSeconds) => dueSecondsOf(epochOf(ofSeconds, clock), clock),
  }
}
