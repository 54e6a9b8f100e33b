import { describe, expect, it } from 'vitest'
import { silentLog } from '../../api/values.ts'
import { unitOf } from '../protocol/plan-units.ts'
import { usualSceneLimits } from '../protocol/scene-limits.ts'
import { renderSums, softwareScene } from '../testing/software-renderer.ts'
import { openSoftwareSurfaces, type SoftwareSurfaceOptions } from '../testing/software-surface.ts'
import { testJob } from '../testing/test-job.ts'
import { createEngineClient } from './engine-client.ts'

const job = testJob({ width: 16, height: 16, tile: { width: 16, height: 16 }, samples: 64, blocksPerUnit: 8 })
const unit = unitOf(job, 0)
const scene = Uint8Array.of(1, 2, 3)
const signal = new AbortController().signal
const patience = { bootMs: 500, loadMs: 500, renderMs: 120 }

async function open(options: SoftwareSurfaceOptions = {}) {
  const surface = await openSoftwareSurfaces(options)({ signal })
  const client = createEngineClient(surface, { log: silentLog, patience })
  await client.load({ scene, job, limits: usualSceneLimits, backEnd: null })
  return client
}

describe('an engine in a window', () => {
  it('renders what it was asked for, and tells how far it is', async () => {
    const client = await open()
    const blocks: number[] = []
    const { sums } = await client.render({ unit, onProgress: ({ blocksDone }) => blocks.push(blocksDone) })
    expect(sums).toEqual(renderSums(softwareScene(scene), job, unit))
    expect(blocks).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    client.close()
    await expect(client.render({ unit })).rejects.toMatchObject({ code: 'SURFACE_CLOSED' })
  })

  it('a window that says nothing is closed, and everybody who waits is told', async () => {
    const client = await open({ hangs: true })
    await expect(client.render({ unit })).rejects.toMatchObject({ code: 'ENGINE_HUNG' })
    await expect(client.probe()).rejects.toMatchObject({ code: 'ENGINE_HUNG' })
  })

  it('a window that crashes is told as that', async () => {
    const client = await open({ diesAfterBlocks: 3 })
    await expect(client.render({ unit })).rejects.toMatchObject({ code: 'SURFACE_GONE' })
  })

  it('is paused for as long as nothing may be done, which is no hanging, and goes on', async () => {
    const client = await open({ blockMs: 10 })
    const rendering = client.render({ unit, dutyShare: 0 })
    const early = await Promise.race([
      rendering.then(() => 'done'),
      new Promise((done) => setTimeout(() => done('paused'), 400)),
    ])
    expect(early).toBe('paused')
    client.pace(1)
    expect((await rendering).sums).toHaveLength(16 * 16 * 3)
    client.close()
  })

  it('drops a unit that nobody wants any more, and stays usable', async () => {
    const client = await open({ blockMs: 20 })
    const stop = new AbortController()
    const rendering = client.render({ unit, signal: stop.signal })
    setTimeout(() => stop.abort(), 30)
    await expect(rendering).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await client.render({ unit })).sums).toHaveLength(16 * 16 * 3)
    client.close()
  })
})
