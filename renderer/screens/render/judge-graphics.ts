import type { Inventory, RenderStatus } from '../../state/snapshot.ts'

type Score = NonNullable<RenderStatus['score']>

/** How well a computer suits rendering, and which scenes it can take. */
export type GraphicsVerdict = {
  readonly fit: 'strong' | 'fair' | 'slow' | 'unknown' | 'none' | 'looking'
  /** Null while nothing is known of a card. */
  readonly scenes: 'small' | 'medium' | 'large' | null
}

/** Million light paths a second; a small card of today does about 50, two cores that play one a tenth. */
const strongScore = 60
const fairScore = 8
const gibibyte = 1024 ** 3

/** Pure: from what was found and, once it was measured, from the score. */
export function judgeGraphics(inventory: Inventory | null, score: Score | null): GraphicsVerdict {
  if (inventory === null && score === null) return { fit: 'looking', scenes: null }
  const memoryBytes = Math.max(0, ...(inventory?.gpus ?? []).map((gpu) => gpu.memoryBytes ?? 0))
  if (score !== null) return { fit: fitOf(score), scenes: score.software ? 'small' : scenesOf(memoryBytes) }
  if ((inventory?.gpus.length ?? 0) === 0) return { fit: 'none', scenes: null }
  return { fit: 'unknown', scenes: scenesOf(memoryBytes) }
}

function fitOf({ software, megasamplesPerSecond }: Score): GraphicsVerdict['fit'] {
  if (software || megasamplesPerSecond < fairScore) return 'slow'
  return megasamplesPerSecond >= strongScore ? 'strong' : 'fair'
}

/** A scene of the largest kind needs two gibibytes beside what the screen needs; cards that share memory say none. */
function scenesOf(memoryBytes: number): 'small' | 'medium' | 'large' {
  if (memoryBytes >= 4 * gibibyte) return 'large'
  return memoryBytes >= 2 * gibibyte ? 'medium' : 'small'
}
