import { type BytesLike, hexlify, type Result } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

export type LockView = {
  /** All that a voucher can still redeem, thawing tokens included. */
  readonly lockedWei: bigint
  readonly thawingWei: bigint
  /** When the thawing tokens may be withdrawn, null when none thaw. */
  readonly thawEndsAtSeconds: number | null
  /** Redeemed over all lanes since the lock was first made. */
  readonly redeemedWei: bigint
}

/** What a customer has set aside for a node. */
export async function readLock(
  chain: Chain,
  customer: string,
  node: string,
  options: ReadOptions = {},
): Promise<LockView> {
  const [view] = await readContract(chain, 'Payments', 'lockOf', [customer, node], options)
  const lock = view as Result
  const thawingWei = BigInt(lock.thawingWei)
  return {
    lockedWei: BigInt(lock.lockedWei),
    thawingWei,
    thawEndsAtSeconds: thawingWei === 0n ? null : Number(lock.thawEndsAt),
    redeemedWei: BigInt(lock.redeemedWei),
  }
}

/** How much of a lane's running total has been redeemed, in wei. */
export async function readLaneRedeemed(
  chain: Chain,
  customer: string,
  node: string,
  lane: BytesLike,
  options: ReadOptions = {},
): Promise<bigint> {
  const [redeemed] = await readContract(chain, 'Payments', 'redeemedOf', [customer, node, hexlify(lane)], options)
  return BigInt(redeemed)
}
