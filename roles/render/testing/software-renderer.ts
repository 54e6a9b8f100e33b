import { cutCell } from '../protocol/cells.ts'
import { samplesPerBlock, type RenderJob, type RenderUnit } from '../protocol/render-job.ts'

/**
 * A picture from arithmetic: what stands for the graphics processor and its path tracer in tests of everything around them. Like the real one
 * it is deterministic in (scene, seed, frame, pixel, sample), noisy where light is scattered, flat in the sky, and adds samples in the same
 * order; unlike it, it looks at no geometry: the scene's bytes only choose where things are.
 */
export type SoftwareScene = { readonly seed: number }

/** A scene that follows from a file's bytes. */
export function softwareScene(bytes: Uint8Array): SoftwareScene {
  return { seed: bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5) }
}

/** How a cheat or another back end departs from the honest result. */
export type Departure = {
  /** Uses only this share of the samples, each counted for more. */
  readonly sampleShare?: number
  /** Rounds like another driver: each sample off by up to this, relatively. */
  readonly rounding?: number
}

/** The sums of a unit, row by row. */
export function renderSums(
  scene: SoftwareScene,
  job: Pick<RenderJob, 'seed' | 'width' | 'height'>,
  unit: RenderUnit,
  departure: Departure = {},
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(unit.width * unit.height * 3)
  for (let pixel = 0; pixel < unit.width * unit.height; pixel++) {
    const [x, y] = [unit.x + (pixel % unit.width), unit.y + Math.floor(pixel / unit.width)]
    for (let channel = 0; channel < 3; channel++) {
      const radiance = radianceOf(scene, job, { frame: unit.frame, x, y, channel }, departure)
      sums[pixel * 3 + channel] = sumOfBlocks(radiance, unit.firstBlock, unit.blockCount, departure.sampleShare ?? 1)
    }
  }
  return sums
}

/** The sums of some cells of a unit, one after the other. */
export function renderCells(
  scene: SoftwareScene,
  job: Pick<RenderJob, 'seed' | 'width' | 'height'>,
  unit: RenderUnit,
  cells: readonly number[],
  departure: Departure = {},
): Float32Array<ArrayBuffer> {
  const sums = renderSums(scene, job, unit, departure)
  return Float32Array.from(cells.flatMap((cell) => [...cutCell(sums, unit, cell)]))
}

/** Halves meet as the tree of `add-sums.ts` has them. */
function sumOfBlocks(radiance: (sample: number) => number, first: number, count: number, share: number): number {
  if (count > 1) {
    const half = count / 2
    return Math.fround(sumOfBlocks(radiance, first, half, share) + sumOfBlocks(radiance, first + half, half, share))
  }
  const samples = Math.max(1, Math.round(samplesPerBlock * share))
  let sum = 0
  for (let sample = 0; sample < samples; sample++) sum = Math.fround(sum + radiance(first * samplesPerBlock + sample))
  return Math.fround((sum * samplesPerBlock) / samples)
}

type Place = { frame: number; x: number; y: number; channel: number }

function radianceOf(
  scene: SoftwareScene,
  job: Pick<RenderJob, 'seed' | 'width' | 'height'>,
  place: Place,
  departure: Departure,
): (sample: number) => number {
  const [u, v] = [place.x / job.width, place.y / job.height]
  const tint = 0.3 + 0.2 * place.channel
  const hill = 0.35 + 0.15 * Math.sin(6 * u + (scene.seed % 63) / 10 + place.frame / 5)
  if (v < hill) return () => Math.fround(0.5 + 0.25 * tint)
  const texture = 0.5 + 0.5 * Math.sin(31 * u + (scene.seed >>> 8) / 1e6) * Math.cos(27 * v)
  const shade = tint * (0.15 + texture)
  return (sample) => {
    const random = hashOf(job.seed ^ scene.seed, place.frame, place.x, place.y, sample, place.channel)
    // Now and then a path finds the lamp: the fireflies of a real picture.
    const value = shade * (random > 0.97 ? 9 : 1.4 * random)
    if (departure.rounding === undefined) return Math.fround(value)
    const other = hashOf(0x5bd1e995, place.frame, place.x, place.y, sample, place.channel)
    return Math.fround(value * (1 + departure.rounding * (2 * other - 1)))
  }
}

/** A number in [0, 1) from whole numbers. */
function hashOf(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const number of numbers) {
    hash = Math.imul(hash ^ number, 0x85ebca6b)
    hash ^= hash >>> 13
    hash = Math.imul(hash, 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return (hash >>> 0) / 2 ** 32
}
