import { resolve } from 'node:path'
import { parseEther } from 'ethers'
import type { RenderOptions } from '../../../../roles/render/customer/index.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbValues } from '../verb.ts'

/** What the command line asks for. */
export type RenderRequest = Pick<
  RenderOptions,
  'picture' | 'replicas' | 'maxPriceWei' | 'outFolder' | 'unitSeconds' | 'settleSeconds'
> & {
  /** As typed; the picture has the next multiple of 8. */
  readonly samplesAsked: number
}

/** Samples are always rendered in blocks of this many. */
const samplesPerBlock = 8
const usual = { width: 640, height: 360, samples: 64, frames: 1, fps: 24, redundancy: 2, bounces: 8 }

/** Reads the options of `hearth render`. Throws UsageError for what makes no picture. */
export function readRenderOptions(values: VerbValues): RenderRequest {
  const out = textOption(values, 'out')
  if (out === null || out === '') throw new UsageError('Name the folder for the pictures with --out DIR.')
  const number = (name: string, otherwise: number, range: { min: number; max: number }): number => {
    const text = textOption(values, name)
    return text === null ? otherwise : parseWholeNumber(text, `--${name}`, range)
  }
  const samplesAsked = number('samples', usual.samples, { min: 1, max: 65_536 })
  const camera = textOption(values, 'camera')
  const unitSeconds = textOption(values, 'unit-seconds')
  return {
    picture: {
      width: number('width', usual.width, { min: 1, max: 16_384 }),
      height: number('height', usual.height, { min: 1, max: 16_384 }),
      samples: Math.ceil(samplesAsked / samplesPerBlock) * samplesPerBlock,
      frames: number('frames', usual.frames, { min: 1, max: 100_000 }),
      framesPerSecond: number('fps', usual.fps, { min: 1, max: 240 }),
      camera: camera === null ? null : parseWholeNumber(camera, '--camera', { min: 0, max: 1_000 }),
      maxBounces: number('bounces', usual.bounces, { min: 1, max: 32 }),
    },
    samplesAsked,
    replicas: number('redundancy', usual.redundancy, { min: 1, max: 3 }),
    maxPriceWei: readPrice(textOption(values, 'max-price')),
    outFolder: resolve(out),
    ...(unitSeconds === null
      ? {}
      : { unitSeconds: parseWholeNumber(unitSeconds, '--unit-seconds', { min: 1, max: 600 }) }),
    ...(values['no-wait'] === true ? { settleSeconds: 0 } : {}),
  }
}

function readPrice(text: string | null): bigint | null {
  if (text === null) return null
  if (!/^\d{1,12}(\.\d{1,18})?$/.test(text))
    throw new UsageError(`--max-price takes tokens such as 2.5, not "${text}".`)
  return parseEther(text)
}
