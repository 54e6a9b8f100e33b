import type { Result } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** What an operator has put behind his work in a market. */
export type Stake = {
  /** All of it, also what is on its way back. */
  readonly stakedWei: bigint
  /** What his sentence asked back; it can be slashed until it is withdrawn. */
  readonly unbondingWei: bigint
  /** Null when nothing is on its way back. */
  readonly unbondingEndsAtSeconds: number | null
  /** Open data sets; while there are any, nothing can be asked back. */
  readonly openSets: number
}

/** The stake of an operator in a market, by default the storage market. */
export async function readStake(
  chain: Chain,
  operator: string,
  market: string = chain.network.contracts.StorageMarket,
  options: ReadOptions = {},
): Promise<Stake> {
  const [view] = await readContract(chain, 'Registry', 'stakeOf', [operator, market], options)
  const stake = view as Result
  const unbondingWei = BigInt(stake.unbondingWei)
  return {
    stakedWei: BigInt(stake.stakedWei),
    unbondingWei,
    unbondingEndsAtSeconds: unbondingWei === 0n ? null : Number(stake.unbondingEndsAt),
    openSets: Number(stake.openWork),
  }
}
