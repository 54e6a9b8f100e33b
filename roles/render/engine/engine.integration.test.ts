import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generousLimits, jobOf, unitOf } from '../../../e2e/bench/render/open-engine.ts'
import { makeRoom } from '../../../e2e/fixtures/render/make-room.ts'
import { createSurfaceHost } from '../../../main/platform/node/surface-host.ts'
import { silentLog } from '../../api/values.ts'
import { createEngineClient, type EngineClient } from '../surface/engine-client.ts'

/*
 * The engine in the real Electron, in the hidden window that `hearth node` opens, on a virtual screen where there is none.
 * `npm run bench render` asks whether its light is right and how fast it is; this asks whether it keeps its word.
 */
const top = resolve(import.meta.dirname, '../../..')
const forever = new AbortController().signal
const limitMs = 120_000
const side = 32
const room = makeRoom()
const job = jobOf(room, { side, samples: 32, maxBounces: 5 })
const load = { scene: room, job, limits: generousLimits, backEnd: null } as const

/** A page that takes its graphics card away at the given draw, once. */
function pageThatLosesItsCard(atDraw: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-engine-'))
  cpSync(join(top, 'out/render-engine'), folder, { recursive: true })
  const script = `
    let draws = 0
    const draw = WebGL2RenderingContext.prototype.drawArrays
    WebGL2RenderingContext.prototype.drawArrays = function (...parameters) {
      if (++draws === ${atDraw}) this.getExtension('WEBGL_lose_context').loseContext()
      return draw.apply(this, parameters)
    }`
  writeFileSync(join(folder, 'lose.js'), script)
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  writeFileSync(join(folder, 'index.html'), html.replace('<script', '<script src="./lose.js"></script><script'))
  return folder
}

type Host = ReturnType<typeof createSurfaceHost>
let host: Host
let engine: EngineClient

const open = async (from: Host): Promise<EngineClient> =>
  createEngineClient(await from.open({ signal: forever }), { log: silentLog })

beforeAll(async () => {
  execFileSync(process.execPath, [join(top, 'main/cli/run.mjs'), 'build'], { stdio: 'ignore' })
  host = createSurfaceHost({ from: join(top, 'out/main') })
  engine = await open(host)
}, 300_000)

afterAll(() => {
  engine.close()
  host.stop()
})

describe('the render engine', () => {
  it(
    'renders a scene with textures, glass and lamps, and says what it holds',
    async () => {
      const facts = await engine.load(load)
      expect(facts).toMatchObject({ backEnd: 'webgl2', triangles: 4442, materials: 9, textures: 4, lights: 4 })
      const previews: { width: number; height: number }[] = []
      const { sums } = await engine.render({
        unit: unitOf(side, { blockCount: 4 }),
        previewEveryMs: 1,
        onPreview: (preview) => previews.push(preview),
      })
      expect(sums.length).toBe(side * side * 3)
      expect(sums.every((value) => value >= 0 && value < 1e6)).toBe(true)
      expect(previews.at(-1)).toMatchObject({ width: side, height: side })
      /** Mean of a colour (0 red, 1 green, 2 blue) over a few pixels. */
      const mean = (x: number, y: number, color: number): number => {
        const pixels = [0, 1, 2, 3, 4, 5].map((step) => sums[((y + step) * side + x) * 3 + color]! / 32)
        return pixels.reduce((sum, value) => sum + value, 0) / pixels.length
      }
      expect(mean(1, 13, 0)).toBeGreaterThan(3 * mean(1, 13, 1))
      expect(mean(30, 13, 1)).toBeGreaterThan(1.5 * mean(30, 13, 0))
      expect(Math.max(...sums) / 32).toBeGreaterThan(5)
    },
    limitMs,
  )

  it(
    'moves what is animated from frame to frame',
    async () => {
      await engine.load(load)
      const first = await engine.render({ unit: unitOf(side) })
      const later = await engine.render({ unit: unitOf(side, { frame: 4 }) })
      expect(later.sums).not.toEqual(first.sums)
      expect((await engine.render({ unit: unitOf(side) })).sums).toEqual(first.sums)
    },
    limitMs,
  )

  it(
    'refuses what it must not load and goes on',
    async () => {
      const broken = { ...load, scene: room.slice(0, 1000) }
      await expect(engine.load(broken)).rejects.toMatchObject({ code: 'SCENE_TRUNCATED' })
      const small = { ...load, limits: { ...generousLimits, gpuBytes: 1000 } }
      await expect(engine.load(small)).rejects.toMatchObject({ code: 'SCENE_TOO_LARGE' })
      await expect(engine.load({ ...load, job: { ...job, camera: 7 } })).rejects.toMatchObject({
        code: 'SCENE_MALFORMED',
      })
      await expect(engine.render({ unit: unitOf(side) })).rejects.toMatchObject({ code: 'noScene' })
      await engine.load(load)
      await expect(engine.render({ unit: unitOf(side), cells: [4] })).rejects.toMatchObject({ code: 'badRequest' })
      expect((await engine.render({ unit: unitOf(side) })).sums.length).toBe(side * side * 3)
    },
    limitMs,
  )

  it(
    'refuses a picture that says it is one and cannot be decoded',
    async () => {
      const damaged = room.slice()
      // In the middle of the last picture's compressed data, which lies before the animation's numbers.
      const end = Buffer.from(damaged).lastIndexOf('IEND')
      damaged.fill(0x55, end - 300, end - 100)
      await expect(engine.load({ ...load, scene: damaged })).rejects.toMatchObject({ code: 'SCENE_MALFORMED' })
    },
    limitMs,
  )

  it(
    'pauses, goes on and can be cancelled, also while it is paused',
    async () => {
      await engine.load(load)
      const whole = await engine.render({ unit: unitOf(side, { blockCount: 4 }) })
      let blocks = 0
      const slow = engine.render({
        unit: unitOf(side, { blockCount: 4 }),
        onProgress: (done) => (blocks = done.blocksDone),
      })
      engine.pace(0)
      await new Promise((done) => setTimeout(done, 1_500))
      const paused = blocks
      await new Promise((done) => setTimeout(done, 500))
      expect(blocks).toBe(paused)
      engine.pace(1)
      expect((await slow).sums).toEqual(whole.sums)
      const cancel = new AbortController()
      const dropped = engine.render({ unit: unitOf(side, { blockCount: 4 }), signal: cancel.signal })
      engine.pace(0)
      cancel.abort()
      await expect(dropped).rejects.toThrow()
      engine.pace(1)
      expect((await engine.render({ unit: unitOf(side, { blockCount: 4 }) })).sums).toEqual(whole.sums)
    },
    limitMs,
  )

  it(
    'measures a score on its standard scene',
    async () => {
      const { megasamplesPerSecond, facts } = await engine.benchmark(1)
      expect(megasamplesPerSecond).toBeGreaterThan(0)
      expect(facts.backEnds).toContain('webgl2')
    },
    limitMs,
  )

  it(
    'says when its graphics card is taken away, and renders the same on a new one',
    async () => {
      await engine.load(load)
      const expected = await engine.render({ unit: unitOf(side) })
      const page = pageThatLosesItsCard(2)
      const losing = createSurfaceHost({ from: join(top, 'out/main'), page })
      try {
        const victim = await open(losing)
        await victim.load(load)
        await expect(victim.render({ unit: unitOf(side) })).rejects.toMatchObject({ code: 'contextLost' })
        expect((await victim.render({ unit: unitOf(side) })).sums).toEqual(expected.sums)
        victim.close()
      } finally {
        losing.stop()
        rmSync(page, { recursive: true })
      }
    },
    limitMs,
  )
})
