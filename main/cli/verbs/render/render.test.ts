import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hearthIn } from '../testing/hearth-in.ts'
import { readRenderOptions } from './read-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-render-verb-'))
const noGlb = join(folder, 'picture.glb')
writeFileSync(noGlb, 'this is no scene')
const out = join(folder, 'out')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hearth = hearthIn(join(folder, 'home'), folder)

describe('hearth render', () => {
  it.each([
    [[], /Name one scene/],
    [['a.glb', 'b.glb', '--out', out], /Name one scene/],
    [[noGlb], /--out DIR/],
    [[noGlb, '--out', out, '--width', '0'], /--width takes a whole number from 1/],
    [[noGlb, '--out', out, '--height', '99999'], /--height takes a whole number/],
    [[noGlb, '--out', out, '--samples', 'many'], /--samples takes/],
    [[noGlb, '--out', out, '--frames', '-1'], /frames/],
    [[noGlb, '--out', out, '--redundancy', '4'], /--redundancy takes a whole number from 1 to 3/],
    [[noGlb, '--out', out, '--max-price', 'cheap'], /--max-price takes tokens/],
    [[join(folder, 'missing.glb'), '--out', out], /There is no file/],
    [[noGlb, '--out', out], /GLB/],
  ])('wrong input %j ends with 2 and says why', async (args, why) => {
    const { code, stderr, stdout } = await hearth(['render', ...args])
    expect(stderr).toMatch(why)
    expect(code).toBe(2)
    expect(stdout).toBe('')
  })

  it('rounds samples up to whole blocks and has sensible values for what is not said', () => {
    expect(readRenderOptions({ out, samples: '17' })).toMatchObject({
      samplesAsked: 17,
      picture: { samples: 24, width: 640, height: 360, frames: 1 },
      replicas: 2,
      maxPriceWei: null,
    })
    expect(readRenderOptions({ out, 'max-price': '2.5' }).maxPriceWei).toBe(25n * 10n ** 17n)
  })
})
