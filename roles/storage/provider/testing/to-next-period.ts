import { currentPeriod, periodStartSeconds, readLatestBlock, readTiming } from '../../../../contracts/client/index.ts'
import type { TestChain } from '../../../../contracts/script/testing/practice-chain.ts'

/** Moves the chain's clock to the beginning of the next period. */
export async function toNextPeriod(test: TestChain): Promise<void> {
  const timing = await readTiming(test.chain)
  const { timestampSeconds } = await readLatestBlock(test.chain)
  const next = currentPeriod(timestampSeconds, timing) + 1
  await test.passSeconds(periodStartSeconds(next, timing) - timestampSeconds)
}
