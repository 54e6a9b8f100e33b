import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRenderEvents } from '../../contracts/client/index.ts'
import { renderPicture } from './customer/index.ts'
import { startRenderTown, type RenderTown } from './testing/start-render-town.ts'
import { tinyScene } from './testing/tiny-scene.ts'

const picture = { width: 64, height: 64, samples: 16, frames: 2, framesPerSecond: 24, camera: null, maxBounces: 4 }
const cheat = { misbehave: 'halfSamples' } as const

/** Most of the town cheats at work; nobody lies on a panel, since a vote is paid whichever side wins. */
describe('a panel of strangers', () => {
  let town: RenderTown
  const out = mkdtempSync(join(tmpdir(), 'hearth-panel-'))

  beforeAll(async () => {
    town = await startRenderTown([{}, {}, {}, cheat, cheat, cheat, cheat, cheat, cheat])
  }, 120_000)
  afterAll(async () => {
    await town?.stop()
    rmSync(out, { recursive: true, force: true })
  }, 60_000)

  it('6.4 five who did not render the unit look at the disputed cells, and who cheated loses provision', async () => {
    const customer = await town.openCustomer()
    const summary = await renderPicture(customer, {
      ...{
        scene: tinyScene(),
        picture,
        replicas: 2,
        maxPriceWei: null,
        outFolder: out,
        unitSeconds: 1,
        commitSeconds: 30,
      },
      ...{ settleSeconds: 200, signal: AbortSignal.timeout(400_000) },
    })
    await customer.close()
    const { chain } = town.test
    const range = { fromBlock: 0, toBlock: await chain.provider.getBlockNumber() }
    const events = await readRenderEvents(chain, { ...range, jobId: summary.jobId, names: ['DisputeConcluded'] })
    const verdicts = events.flatMap((event) => (event.kind === 'disputeConcluded' ? [event] : []))
    const condemned = verdicts.filter(({ verdict }) => verdict === 'wrong')
    expect(condemned.length).toBeGreaterThan(0)
    for (const { slashedWei } of condemned) expect(slashedWei).toBeGreaterThan(0n)
    // Who was caught may lose its place, and then a later panel can lack its five strangers; but none ever ends for the cheat.
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('right')
    expect(summary).toMatchObject({ settled: true })
  }, 450_000)
})
