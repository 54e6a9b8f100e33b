import {
  encodeFinalizeEpoch,
  epochOf,
  readEpochClock,
  readEpochFinalized,
  readLatestBlock,
  type Chain,
  type EpochClock,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import type { EpochChain } from './epoch-crank.ts'

const sendTimeoutMs = 10_000

/** The Rewards contract as the crank sees it. */
export function contractEpochChain(chain: Chain, sender: TransactionSender): EpochChain {
  let clock: EpochClock | null = null
  return {
    async currentEpoch() {
      clock ??= await readEpochClock(chain)
      return epochOf((await readLatestBlock(chain)).timestampSeconds, clock)
    },
    async finalize(epoch) {
      if (await readEpochFinalized(chain, epoch)) return
      await sender.send(encodeFinalizeEpoch(chain.network, { epoch }), { timeoutMs: sendTimeoutMs })
    },
  }
}
