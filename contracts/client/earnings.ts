import { getAddress, type Log, type Result } from 'ethers'
import { blockTimes } from './block-times.ts'
import type { Chain } from './chain.ts'
import { BlockGoneError } from './errors.ts'
import { interfaces } from './interfaces.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { readLogs } from './read-logs.ts'
import { type ChainRoleName, roleOfNumber } from './roles.ts'

/** Totals of an operator in wei: `earnedWei = claimedWei + claimableWei + movedToStakeWei`. */
export type OperatorEarnings = {
  readonly earnedWei: bigint
  readonly claimedWei: bigint
  readonly claimableWei: bigint
  /** What the operator's sentences moved into stake; it came back to his own address where he asked for it. */
  readonly movedToStakeWei: bigint
  readonly burnedWei: bigint
  /** The part of `earnedWei` that is shares of ended epochs. */
  readonly rewardsWei: bigint
}

export type EarningEvent = {
  readonly role: ChainRoleName
  readonly node: string
  readonly customer: string | null
  /** What the operator got, after the burn. */
  readonly amountWei: bigint
  readonly burnedWei: bigint
  /** Share of the operator's last epoch in this role, when this payment is the first since. */
  readonly rewardWei: bigint
  readonly kind: 'storageProof' | 'voucher' | 'repair' | 'renderUnit' | 'energyDay'
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
  readonly atSeconds: number
}

/** Kinds of work as `Payments` numbers them. */
const workKinds = ['storageProof', 'voucher', 'repair', 'renderUnit', 'energyDay'] as const

export type BlockRange = { readonly fromBlock: number; readonly toBlock: number }

export async function readOperatorEarnings(
  chain: Chain,
  operator: string,
  options: ReadOptions = {},
): Promise<OperatorEarnings> {
  const [view] = await readContract(chain, 'Payments', 'earningsOf', [operator], options)
  const earnings = view as Result
  return {
    earnedWei: BigInt(earnings.earnedWei),
    claimedWei: BigInt(earnings.claimedWei),
    claimableWei: BigInt(earnings.claimableWei),
    movedToStakeWei: BigInt(earnings.movedToStakeWei),
    burnedWei: BigInt(earnings.feeBurnedWei),
    rewardsWei: BigInt(earnings.rewardsWei),
  }
}

/** One payment to anybody, as `Earned` said it. */
export type OperatorPayment = EarningEvent & { readonly operator: string }

/** What all operators were paid for in a range of blocks (both ends included), in chain order. Throws BlockGoneError. */
export async function readAllPayments(
  chain: Chain,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<OperatorPayment[]> {
  const logs = await readLogs(chain, 'Payments', interfaces.Payments.encodeFilterTopics('Earned', []), range, options)
  const times = await blockTimes(chain, logs)
  return logs.map((log) => {
    const atSeconds = times.get(log.blockNumber)
    if (atSeconds === undefined) throw new BlockGoneError(log.blockNumber)
    const { operator } = interfaces.Payments.decodeEventLog('Earned', log.data, log.topics)
    return { operator: getAddress(operator), ...earningOf(log, atSeconds) }
  })
}

/** One `Earned` event. */
export function earningOf(log: Log, atSeconds: number): EarningEvent {
  const args = interfaces.Payments.decodeEventLog('Earned', log.data, log.topics)
  return {
    role: roleOfNumber(Number(args.role)),
    node: getAddress(args.node),
    customer: getAddress(args.customer),
    amountWei: BigInt(args.earnedWei),
    burnedWei: BigInt(args.burnedWei),
    rewardWei: BigInt(args.settledRewardWei),
    kind: workKinds[Number(args.work)]!,
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.index,
    atSeconds,
  }
}
