import {
  currentPeriod,
  readLatestBlock,
  readStorageEvents,
  readTiming,
  reliabilityEvents,
  type Chain,
} from '../../../contracts/client/index.ts'
import type { ProviderBook } from './provider-book.ts'

/** Older outcomes have faded to a sixteenth and are let go. */
export const rememberedPeriods = 60
/** Most blocks read on the first look; ten questions to an RPC server. */
const firstLookBlocks = 90_000
/** Blocks that are read again, since the chain may have changed its mind about them. */
const unsettledBlocks = 64

/** Brings what the book knows of proofs and missed periods up to the newest block. Throws errors of the chain. */
export async function refreshHistory(
  chain: Chain,
  book: ProviderBook,
  options: { readonly signal?: AbortSignal } = {},
): Promise<{ period: number; timestampSeconds: number; provingPeriodSeconds: number }> {
  const [head, timing] = await Promise.all([readLatestBlock(chain, options), readTiming(chain, options)])
  const { genesisHash, contracts } = chain.network
  const deployment = `${genesisHash} ${contracts.StorageMarket}`.toLowerCase()
  const known = book.nextBlock(deployment, head.number)
  const fromBlock = Math.max(0, known === null ? head.number - firstLookBlocks : known - unsettledBlocks)
  const events = await readStorageEvents(chain, { fromBlock, toBlock: head.number, names: reliabilityEvents }, options)
  const outcomes = events.flatMap((event) =>
    event.kind === 'proofAccepted' || event.kind === 'fault'
      ? [{ node: event.node, customer: event.customer, period: event.period, proven: event.kind === 'proofAccepted' }]
      : [],
  )
  const ended = events.filter((event) => event.kind === 'setEnded')
  const period = currentPeriod(head.timestampSeconds, timing)
  const oldestPeriod = period - rememberedPeriods
  book.keepHistory({ outcomes, ended }, { deployment, nextBlock: head.number + 1, oldestPeriod })
  const { provingPeriodSeconds } = timing
  return { period, timestampSeconds: head.timestampSeconds, provingPeriodSeconds }
}
