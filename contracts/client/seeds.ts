import type { Result } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

export type SeedView = {
  readonly slot: number
  /** 32 bytes as hex, null while it is not captured. */
  readonly seed: string | null
  /** Block whose hash becomes the seed, null while the slot is not open. */
  readonly drawBlock: number | null
  /** Block in which the slot was opened (eight before `drawBlock`), null while it is not open. */
  readonly openedAtBlock: number | null
  readonly capturedAtSeconds: number | null
}

const delayBlocks = 8

/** State of one seed slot. */
export async function readSeed(chain: Chain, slot: number, options: ReadOptions = {}): Promise<SeedView> {
  const [view] = await readContract(chain, 'Seeds', 'slots', [slot], options)
  const seed = view as Result
  const drawBlock = Number(seed.drawBlock)
  const capturedAt = Number(seed.capturedAt)
  return {
    slot,
    seed: capturedAt === 0 ? null : String(seed.value),
    drawBlock: drawBlock === 0 ? null : drawBlock,
    openedAtBlock: drawBlock === 0 ? null : drawBlock - delayBlocks,
    capturedAtSeconds: capturedAt === 0 ? null : capturedAt,
  }
}
