import type { BackEnd } from './engine-messages.ts'

/** What two honest renderings of one cell may differ by. Compared are linear means (sums divided by samples). */
export type Tolerance = {
  /** Which measurement this is; told with every verdict. */
  readonly version: number
  /** A pixel agrees when no channel differs by more than `absolute + relative x the larger of the two`. */
  readonly absolute: number
  readonly relative: number
  /** Of 256 pixels, how many may disagree: paths that took another way because a last bit differed. */
  readonly strayPixels: number
}

/**
 * Measured per pair of back ends; the names are sorted and joined by `|`. Only what is listed is ever compared: without a measurement
 * nobody can tell a lie from a rounding (PROTOCOL 6.3).
 *
 * Version 1, Mesa llvmpipe under Chromium 130: one back end with itself is bit for bit the same, run after run; WebGL2
 * against WebGPU has 97 % of pixels the same and all within 1e-4. Twice to five times that is allowed here, because other drivers round
 * a little otherwise; half the samples differ by hundreds of times as much.
 */
const calibrated: Readonly<Record<string, Tolerance>> = {
  'webgl2|webgl2': { version: 1, absolute: 2e-4, relative: 2e-4, strayPixels: 3 },
  'webgpu|webgpu': { version: 1, absolute: 2e-4, relative: 2e-4, strayPixels: 3 },
  'webgl2|webgpu': { version: 1, absolute: 5e-4, relative: 5e-4, strayPixels: 6 },
}

/** The tolerance of a pair of back ends, or null where none has been measured. */
export function toleranceOf(left: BackEnd, right: BackEnd): Tolerance | null {
  return calibrated[[left, right].sort().join('|')] ?? null
}
