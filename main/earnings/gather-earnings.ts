import { HearthError } from '../../roles/api/errors.ts'
import type { Checkpoint, EarningHistory, GatheredRow } from '../store/index.ts'

/** Blocks that are asked for at once; public RPC servers refuse long ranges. */
const rangeBlocks = 5_000
/** A chain that changes under the reader this often in a row is not readable now. */
const maximumAttempts = 4

/** The latest block of a chain. */
export type ChainEnd = Checkpoint & { readonly timestampSeconds: number }

/** What gathering needs of a chain. */
export type EarningSource = {
  latest(): Promise<ChainEnd>
  /** Hash of a block, or null when the chain does not reach there (any more). */
  hashAt(blockNumber: number): Promise<string | null>
  /** Everything that came to the operator's earnings or left them in a range, both ends included, in chain order. */
  rows(fromBlock: number, toBlock: number): Promise<readonly GatheredRow[]>
  /** When the share of the epoch that a time lies in was due. */
  dueSeconds(ofSeconds: number): number
}

/** The chain kept changing while it was read; trying again later is right. */
export class ChainUnsteadyError extends HearthError {}

/**
 * Brings a history up to the chain's latest block and resolves to that block.
 *
 * Only what is new is asked for. Where the chain no longer has a block that was gathered (a reorganization, or a practice
 * chain that came back older), everything after the newest common block is forgotten and gathered again, so that the
 * history is always that of one chain. `firstBlock` is where the contracts were deployed.
 */
export async function gatherEarnings(
  history: EarningHistory,
  source: EarningSource,
  firstBlock: number,
): Promise<ChainEnd> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const end = await source.latest()
    const checkpoints = history.checkpoints()
    const common = await newestCommon(checkpoints, source, end)
    if (common !== checkpoints[0]) history.rewindTo(common?.blockNumber ?? null)
    if (common !== undefined && common.blockNumber === end.blockNumber) return end
    const rows = await inRanges(source, (common?.blockNumber ?? firstBlock - 1) + 1, end.blockNumber)
    // What was read belongs to the chain that ends here only if the chain still has that end.
    if ((await source.hashAt(end.blockNumber)) !== end.blockHash) continue
    history.append(rows, end, source.dueSeconds)
    return end
  }
  throw new ChainUnsteadyError('CHAIN_UNSTEADY', 'The chain changed while its events were read.', {
    action: 'Nothing to do: Hearth reads again in a moment.',
  })
}

/** The newest checkpoint that the chain still has; undefined when there is none. */
async function newestCommon(
  checkpoints: readonly Checkpoint[],
  source: EarningSource,
  end: Checkpoint,
): Promise<Checkpoint | undefined> {
  for (const checkpoint of checkpoints) {
    if (checkpoint.blockNumber > end.blockNumber) continue
    if ((await source.hashAt(checkpoint.blockNumber)) === checkpoint.blockHash) return checkpoint
  }
  return undefined
}

async function inRanges(source: EarningSource, fromBlock: number, toBlock: number): Promise<GatheredRow[]> {
  const found: GatheredRow[] = []
  for (let from = fromBlock; from <= toBlock; from += rangeBlocks) {
    found.push(...(await source.rows(from, Math.min(toBlock, from + rangeBlocks - 1))))
  }
  return found
}
