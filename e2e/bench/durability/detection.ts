import { hexlify } from 'ethers'
import { challengesPerPeriod, storageChallenges } from '../../../contracts/client/index.ts'
import { createRandom } from './random.ts'

export type DetectionOptions = {
  readonly leafCount: number
  /** Share of the leaves that the provider threw away. */
  readonly dropped: number
  readonly periods: number
  readonly runs: number
  readonly seed: number
}

/** How many of `runs` providers that dropped a share of their bytes are asked for one of them, by the draw of the protocol. */
export function simulateDetection(options: DetectionOptions): { caught: number; computed: number } {
  const random = createRandom(options.seed)
  const bytes32 = (): string => hexlify(Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256)))
  const droppedLeaves = BigInt(Math.round(options.leafCount * options.dropped))
  let caught = 0
  for (let run = 0; run < options.runs; run++) {
    const setId = bytes32()
    const asked = Array.from({ length: options.periods }, (_, period) =>
      storageChallenges(bytes32(), setId, period, BigInt(options.leafCount)),
    ).flat()
    // Which leaves are gone makes no difference to an even draw: the first ones.
    if (asked.some((leaf) => BigInt(leaf) < droppedLeaves)) caught++
  }
  return { caught, computed: 1 - (1 - options.dropped) ** (challengesPerPeriod * options.periods) }
}
