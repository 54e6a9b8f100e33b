import type { Log } from 'ethers'
import type { Chain } from './chain.ts'

/** Blocks asked for side by side. */
const parallel = 8

/** Times of the blocks that logs are in; a block that is gone has none. */
export async function blockTimes(chain: Chain, logs: readonly Log[]): Promise<Map<number, number>> {
  const numbers = [...new Set(logs.map((log) => log.blockNumber))]
  const times = new Map<number, number>()
  for (let i = 0; i < numbers.length; i += parallel) {
    const blocks = await Promise.all(numbers.slice(i, i + parallel).map((number) => chain.provider.getBlock(number)))
    for (const block of blocks) if (block !== null) times.set(block.number, block.timestamp)
  }
  return times
}
