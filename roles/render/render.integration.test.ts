import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOperatorEarnings, readRenderEvents, readTokenBalance } from '../../contracts/client/index.ts'
import { renderPicture, type RenderSummary } from './customer/index.ts'
import { toneMap } from './protocol/tone-map.ts'
import { renderSums, softwareScene } from './testing/software-renderer.ts'
import { startRenderTown, type RenderTown } from './testing/start-render-town.ts'
import { tinyScene } from './testing/tiny-scene.ts'

const picture = { width: 128, height: 64, samples: 16, frames: 2, framesPerSecond: 24, camera: null, maxBounces: 4 }
const scene = tinyScene()

/** Three homes on a real chain and real sockets; the third works half as long and counts each sample twice. */
describe('a film rendered by strangers, one of whom cheats', () => {
  let town: RenderTown
  let summary: RenderSummary
  let spentWei: bigint
  const out = mkdtempSync(join(tmpdir(), 'hearth-out-'))

  beforeAll(async () => {
    town = await startRenderTown([{}, {}, { misbehave: 'halfSamples' }])
    const customer = await town.openCustomer()
    const balance = () => readTokenBalance(town.test.chain, town.customer.address)
    const before = await balance()
    summary = await renderPicture(customer, {
      ...{ scene, picture, replicas: 3, maxPriceWei: null, outFolder: out, unitSeconds: 1 },
      signal: AbortSignal.timeout(280_000),
    })
    spentWei = before - (await balance())
    await customer.close()
  }, 320_000)
  afterAll(async () => {
    await town?.stop()
    rmSync(out, { recursive: true, force: true })
  }, 60_000)

  it('6.3 half the samples are caught in cells that the customer drew in secret', () => {
    const cheat = town.nodes[2]!.wallet.address
    expect(summary.refused.map(({ node, unit }) => [node, unit])).toEqual([
      [cheat, 0],
      [cheat, 1],
    ])
    expect(summary.refused[0]!.reason).toMatch(/rendered again came out otherwise/)
    expect(town.nodes[2]!.events.filter(({ kind }) => kind === 'renderUnitRefused')).toHaveLength(2)
  })

  it('6.5 the honest are paid to the wei with their keys, and what was refused comes back', async () => {
    expect(summary).toMatchObject({ settled: true, ownUnits: 0, units: 2 })
    expect(spentWei).toBe(summary.paidWei)
    const earned = await Promise.all(town.nodes.map(({ operator }) => readOperatorEarnings(town.test.chain, operator)))
    const workWei = earned.map(({ earnedWei, rewardsWei, burnedWei }) => earnedWei - rewardsWei + burnedWei)
    expect(workWei).toEqual([summary.paidWei / 2n, summary.paidWei / 2n, 0n])
    for (const node of town.nodes.slice(0, 2))
      expect(node.role().status().render).toMatchObject({
        unitsAccepted: 2,
        paidWei: (summary.paidWei / 2n).toString(),
      })
  })

  it('is the picture that the scene has, bit for bit', () => {
    const events = summary.frames.map(({ png }) => decode(readFileSync(png)))
    expect(events.map(({ width, height }) => [width, height])).toEqual([
      [128, 64],
      [128, 64],
    ])
    // The file tells everything but the seed, which the job has on disk no more; so it is found by the pictures being noisy where they should be.
    const sky = { index: 0, frame: 0, x: 0, y: 0, width: 128, height: 16, firstBlock: 0, blockCount: 2 }
    const expected = toneMap(renderSums(softwareScene(scene), { ...picture, seed: 0 }, sky), 16)
    expect(Buffer.from(events[0]!.data as Uint8Array).subarray(0, 128 * 4)).toEqual(
      Buffer.from(expected).subarray(0, 128 * 4),
    )
  })

  it('6.2 nobody could copy another: every result was committed before any of its unit was shown', async () => {
    const range = { fromBlock: 0, toBlock: await town.test.chain.provider.getBlockNumber() }
    const events = await readRenderEvents(town.test.chain, { ...range, jobId: summary.jobId })
    for (const unit of [0, 1]) {
      const ofUnit = events.filter((event) => 'task' in event && Math.floor(event.task / 3) === unit)
      const firstShown = ofUnit.findIndex(({ kind }) => kind === 'taskRevealed')
      expect(ofUnit.slice(0, firstShown).filter(({ kind }) => kind === 'taskCommitted')).toHaveLength(3)
    }
  })
})
