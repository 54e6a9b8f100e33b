import { getAddress } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

/** A part of an operator's stake that was taken and burned. */
export type SlashEvent = {
  /** The machine whose fault it was. */
  readonly node: string
  readonly amountWei: bigint
  readonly blockNumber: number
  readonly transactionHash: string
  readonly logIndex: number
}

/** What was taken of an operator's stake in a range of blocks (both ends included), in chain order. */
export async function readSlashes(
  chain: Chain,
  operator: string,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<SlashEvent[]> {
  const topics = interfaces.Registry.encodeFilterTopics('Slashed', [operator])
  const logs = await readLogs(chain, 'Registry', topics, range, options)
  return logs.map((log) => {
    const args = interfaces.Registry.decodeEventLog('Slashed', log.data, log.topics)
    const { blockNumber, transactionHash, index: logIndex } = log
    return { node: getAddress(args.node), amountWei: BigInt(args.amount), blockNumber, transactionHash, logIndex }
  })
}
