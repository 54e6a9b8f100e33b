import { getAddress, type Log } from 'ethers'
import { blockTimes } from './block-times.ts'
import type { Chain } from './chain.ts'
import { type BlockRange, earningOf, type EarningEvent } from './earnings.ts'
import { BlockGoneError } from './errors.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

/** Tokens that left an operator's earnings by his own sentence. */
export type Outflow = {
  /** Paid out to an address, or moved into the stake for a market. */
  readonly kind: 'claim' | 'stake'
  /** The address that was paid, or the market. */
  readonly to: string
  readonly amountWei: bigint
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
  readonly atSeconds: number
}

/** Everything that changes what an operator has earned and can claim. */
export type Movement = EarningEvent | Outflow

const names = ['Earned', 'Claimed', 'MovedToStake'] as const

/**
 * Payments, claims and moves into stake of one operator in a range of blocks (both ends included), in chain order and by
 * one request a range: all three events name the operator first. Throws BlockGoneError.
 */
export async function readMovements(
  chain: Chain,
  operator: string,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Movement[]> {
  const [, ofOperator] = interfaces.Payments.encodeFilterTopics('Earned', [operator])
  const kinds = names.map((name) => interfaces.Payments.getEvent(name)!.topicHash)
  const logs = await readLogs(chain, 'Payments', [kinds, ofOperator!], range, options)
  const times = await blockTimes(chain, logs)
  return logs.map((log) => {
    const atSeconds = times.get(log.blockNumber)
    if (atSeconds === undefined) throw new BlockGoneError(log.blockNumber)
    return movementOf(log, atSeconds)
  })
}

function movementOf(log: Log, atSeconds: number): Movement {
  const parsed = interfaces.Payments.parseLog(log)!
  const { args } = parsed
  const outflow = (kind: Outflow['kind'], to: unknown): Outflow => ({
    kind,
    to: getAddress(String(to)),
    amountWei: BigInt(args.amount),
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.index,
    atSeconds,
  })
  switch (parsed.name as (typeof names)[number]) {
    case 'Earned':
      return earningOf(log, atSeconds)
    case 'Claimed':
      return outflow('claim', args.to)
    case 'MovedToStake':
      return outflow('stake', args.market)
  }
}
