import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { OpenRenderSurface } from '../../../roles/api/render-surface.ts'
import type { RenderCustomer } from '../../../roles/render/customer/index.ts'
import { makePracticeScene } from './practice-scene.ts'
import { operatorsInPool, wakeRenderers } from './wake-renderers.ts'

/** Seldom enough that a look costs nothing, often enough that a newcomer has work within seconds. */
const lookEveryMs = 3_000
/** Between two jobs, so that the computer rests in between. */
const restMs = 20_000
const afterFailureMs = 10_000
/**
 * Eight small pictures, so that there are eight parts at least however fast a computer is, and a home among four that are
 * drawn is left out of all of them once in 250 jobs. On two cores that play a graphics card a part takes a second or two.
 */
const picture = {
  ...{ width: 64, height: 64, samples: 16, maxBounces: 4 },
  ...{ frames: 8, framesPerSecond: 24, camera: null },
} as const
const unitSeconds = 3
const copies = 2

export type RenderJobs = {
  readonly customer: Omit<RenderCustomer, 'openSurface'>
  readonly openSurface: OpenRenderSurface
  /** Operators of neighbours that may render; whoever else is in the pool is a home. */
  readonly neighbours: readonly string[]
  readonly directory: string
  readonly onRendered: (units: number, refused: number) => void
  readonly onProblem: (message: string) => void
  readonly signal: AbortSignal
}

/**
 * Gives homes that render something to render, for as long as there are any. While nobody does, it only looks at the chain
 * now and then: no neighbour renders, no window is open. Never rejects.
 */
export async function postRenderJobs(o: RenderJobs): Promise<void> {
  const { signal } = o
  const rest = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
  while (!signal.aborted) {
    try {
      const isWanted = await somebodyRenders(o)
      if (isWanted) await renderOne(o)
      await rest(isWanted ? restMs : lookEveryMs)
    } catch (error) {
      if (signal.aborted) return
      o.onProblem(error instanceof Error ? error.message : String(error))
      await rest(afterFailureMs)
    }
  }
}

/** Whether somebody who is no neighbour takes work now. */
async function somebodyRenders({ customer, neighbours }: RenderJobs): Promise<boolean> {
  const known = new Set(neighbours.map((operator) => operator.toLowerCase()))
  return (await operatorsInPool(customer.chain)).some((operator) => !known.has(operator))
}

async function renderOne(o: RenderJobs): Promise<void> {
  await wakeRenderers(o.customer.chain, { operators: copies, signal: o.signal })
  // Loaded with the first job: while nobody renders, this customer is as light as one that only stores.
  const { renderPicture } = await import('../../../roles/render/customer/index.ts')
  const outFolder = join(o.directory, 'pictures')
  const summary = await renderPicture(
    { ...o.customer, openSurface: o.openSurface },
    {
      scene: makePracticeScene(),
      picture,
      replicas: copies,
      maxPriceWei: null,
      outFolder,
      unitSeconds,
      signal: o.signal,
    },
  )
  await rm(outFolder, { recursive: true, force: true })
  o.onRendered(summary.units, summary.refused.length)
}
