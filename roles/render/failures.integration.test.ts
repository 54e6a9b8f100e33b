import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countRenderJobs, listRenderWorkers, readRenderEvents, readTokenBalance } from '../../contracts/client/index.ts'
import { HearthError } from '../api/errors.ts'
import { silentLog } from '../api/values.ts'
import { createNetworkNode, localIdentity } from '../network/index.ts'
import { createAskNode } from './customer/ask-node.ts'
import { renderPicture, type RenderOptions } from './customer/index.ts'
import { renderProtocol } from './protocol/frames.ts'
import { openSoftwareSurfaces } from './testing/software-surface.ts'
import { startRenderTown, type RenderTown } from './testing/start-render-town.ts'
import { testJob } from './testing/test-job.ts'
import { tinyScene } from './testing/tiny-scene.ts'

const picture = { width: 64, height: 64, samples: 128, frames: 1, framesPerSecond: 24, camera: null, maxBounces: 4 }
/** Sixteen blocks of nearly a second: long enough to be killed in the middle of. */
const slow = { blockMs: 800 }
const patience = { bootMs: 4_000, loadMs: 4_000, renderMs: 4_000 }

describe('when something breaks', () => {
  let town: RenderTown
  const resumed: number[] = []
  const out = mkdtempSync(join(tmpdir(), 'hearth-failures-'))
  const options: RenderOptions = {
    ...{ scene: tinyScene(), picture, replicas: 2, maxPriceWei: null, outFolder: out, commitSeconds: 60 },
    signal: new AbortController().signal,
  }
  beforeAll(async () => {
    const watched = openSoftwareSurfaces({ ...slow, onRender: (_unit, blocks) => resumed.push(blocks) })
    town = await startRenderTown([{ openSurface: watched }, { openSurface: watched }])
  }, 120_000)
  afterAll(async () => {
    await town?.stop()
    rmSync(out, { recursive: true, force: true })
  }, 60_000)

  it('nodes and customer that are killed in the middle go on where they were, and nothing is paid twice', async () => {
    const first = await town.openCustomer()
    const kill = new AbortController()
    const killed = renderPicture(first, { ...options, signal: kill.signal })
    killed.catch(() => undefined)
    const rendering = () => town.nodes.map((node) => node.role().status().render?.unit?.samplesDone ?? 0)
    await expect.poll(() => Math.min(...rendering()), { timeout: 120_000, interval: 100 }).toBeGreaterThanOrEqual(64)
    kill.abort()
    await expect(killed).rejects.toMatchObject({ code: 'CANCELLED' })
    await first.close()
    await Promise.all(town.nodes.map((node) => node.restart()))
    const before = resumed.length
    const second = await town.openCustomer()
    const balanceWei = await readTokenBalance(town.test.chain, town.customer.address)
    const summary = await renderPicture(second, options)
    await second.close()
    const again = resumed.slice(before)
    expect(again.length).toBeGreaterThan(0)
    expect(Math.min(...again)).toBeGreaterThanOrEqual(3)
    expect(summary).toMatchObject({ settled: true, ownUnits: 0, refused: [] })
    expect(await countRenderJobs(town.test.chain, town.customer.address)).toBe(1)
    // Already paid for when it was posted.
    expect(await readTokenBalance(town.test.chain, town.customer.address)).toBe(balanceWei)
  }, 300_000)

  it('6.5 a customer who vanishes has accepted by his silence, the nodes are paid, and he finds his picture when he is back', async () => {
    const customer = await town.openCustomer()
    const vanish = new AbortController()
    const paid = () => town.nodes.map((node) => node.role().status().render!.unitsAccepted)
    const before = paid()
    const events = () =>
      town.nodes.map((node) => node.events.filter(({ kind }) => kind === 'renderUnitCommitted').length)
    const committed = events()
    const another = { ...options, picture: { ...picture, samples: 8 }, signal: vanish.signal }
    const job = renderPicture(customer, another)
    job.catch(() => undefined)
    await expect
      .poll(() => events().map((count, index) => count - committed[index]!), { timeout: 120_000, interval: 50 })
      .toEqual([1, 1])
    vanish.abort()
    await job.catch(() => undefined)
    await customer.close()
    await expect
      .poll(() => paid().map((count, index) => count - before[index]!), { timeout: 120_000, interval: 500 })
      .toEqual([1, 1])
    const back = await town.openCustomer()
    const summary = await renderPicture(back, { ...another, signal: new AbortController().signal })
    await back.close()
    expect(summary).toMatchObject({ ownUnits: 0, units: 1, settled: true })
  }, 260_000)

  it('a scene that hangs the graphics processor loses its window and its unit, and the role lives on', async () => {
    await town.nodes[1]!.restart({ openSurface: openSoftwareSurfaces({ hangs: true }), patience })
    await expect
      .poll(async () => (await listRenderWorkers(town.test.chain)).filter(({ inPool }) => inPool).length, {
        timeout: 60_000,
      })
      .toBe(2)
    const customer = await town.openCustomer()
    const summary = await renderPicture(customer, {
      ...options,
      picture: { ...picture, samples: 16 },
      commitSeconds: 30,
      settleSeconds: 60,
    })
    await customer.close()
    const failed = town.nodes[1]!.events.filter(({ kind }) => kind === 'renderUnitFailed')
    expect(failed[0]).toMatchObject({ code: 'ENGINE_HUNG' })
    expect(town.nodes[1]!.role().status().peerId).not.toBeNull()
    expect(summary.nodes).toEqual([{ node: town.nodes[0]!.wallet.address, units: 1 }])
  }, 200_000)

  it('strangers and nonsense are turned away, and the node goes on', async () => {
    const [node] = town.nodes
    const stranger = await createNetworkNode({
      identity: localIdentity(getBytes(`0x${'5a'.repeat(32)}`)),
      listen: [],
      bootstrapPeers: node!.role().status().multiaddrs,
      mode: 'client',
      log: silentLog,
    })
    const { peerId } = node!.role().status()
    const { chainId, contracts } = town.test.network
    const ask = createAskNode({ node: stranger, peerId: peerId!, network: { chainId, market: contracts.RenderMarket } })
    for (let round = 0; round < 30; round++) {
      const stream = await stranger.open(peerId!, renderProtocol, { timeoutMs: 5_000 })
      await stream.writeBytes([randomBytes(1 + Math.floor(Math.random() * 300))]).catch(() => undefined)
      stream.abort(new Error('done'))
    }
    const range = { fromBlock: 0, toBlock: await town.test.chain.provider.getBlockNumber() }
    const [posted] = await readRenderEvents(town.test.chain, { ...range, names: ['JobPosted'] })
    const jobId = posted!.jobId
    await expect(ask.progress(jobId, [0])).rejects.toMatchObject({ refusal: 'notYourJob' })
    await expect(ask.open(jobId, 0, [0])).rejects.toMatchObject({ code: 'NODE_REFUSED' })
    await expect(ask.announce(`0x${'77'.repeat(32)}`, testJob(), tinyScene())).rejects.toMatchObject({
      refusal: 'unknownJob',
    })
    const other = createAskNode({
      node: stranger,
      peerId: peerId!,
      network: { chainId: 1, market: contracts.RenderMarket },
    })
    await expect(other.info()).rejects.toMatchObject({ refusal: 'wrongNetwork' })
    expect(await ask.info()).toMatchObject({ kind: 'offer', backEnd: 'webgl2' })
    await stranger.stop()
  }, 60_000)

  it('a computer that can open no window says why, takes no work and is asked again', async () => {
    const nothing = () =>
      Promise.reject(new HearthError('NO_DISPLAY', 'there is no display and no Xvfb.', { action: 'Install xvfb.' }))
    rmSync(join(town.nodes[1]!.directory, 'render.sqlite'), { force: true })
    await town.nodes[1]!.restart({ openSurface: nothing })
    const status = () => town.nodes[1]!.role().status()
    await expect.poll(() => status().render?.state, { timeout: 10_000 }).toBe('noSurface')
    expect(status().problems[0]).toMatchObject({ code: 'NO_SURFACE', action: 'Install xvfb.' })
    expect(status().problems[0]!.message).toMatch(/no display/)
  }, 60_000)
})
