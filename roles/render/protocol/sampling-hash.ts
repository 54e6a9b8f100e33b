/**
 * The random numbers of a picture. Each is a hash of what it is for, so whoever renders a sample, wherever and in whichever
 * order, draws the same. Integer arithmetic modulo 2^32 only: the same on every processor and graphics card.
 *
 * The mixing function is pcg4d of M. Jarzynski and M. Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020. The
 * engine's shaders hold the same steps; `sampling-hash.test.ts` pins their values.
 */

/** Multiplier and increment of the 32-bit linear congruential step in pcg4d. */
const multiplier = 1_664_525
const increment = 1_013_904_223

/** Four numbers in [0, 2^32). */
export type Quad = readonly [number, number, number, number]

/** Mixes four 32-bit numbers into four that depend on all of them. */
export function mixFour(input: Quad): Quad {
  let [a, b, c, d] = input.map((value) => (Math.imul(value, multiplier) + increment) | 0) as unknown as [
    number,
    number,
    number,
    number,
  ]
  const stir = (): void => {
    a = (a + Math.imul(b, d)) | 0
    b = (b + Math.imul(c, a)) | 0
    c = (c + Math.imul(a, b)) | 0
    d = (d + Math.imul(b, c)) | 0
  }
  stir()
  a ^= a >>> 16
  b ^= b >>> 16
  c ^= c >>> 16
  d ^= d >>> 16
  stir()
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

/** One number that stands for a frame of a job; it goes into every hash of that frame. */
export function streamOf(seed: number, frame: number): number {
  return mixFour([seed, frame, 0x4865_6172, 0x7468_0001])[0]
}

/** What a random number is for. `dimension` counts groups of four numbers along the path of one sample. */
export type SampleAddress = {
  readonly stream: number
  readonly x: number
  readonly y: number
  readonly sample: number
  readonly dimension: number
}

/** The four random numbers at an address, uniform in [0, 1) with 24 bits each, so exact as 32-bit floats. */
export function randomsAt({ stream, x, y, sample, dimension }: SampleAddress): Quad {
  const pixel = (x | (y << 16)) >>> 0
  return mixFour([pixel, sample, dimension, stream]).map((value) => (value >>> 8) / 2 ** 24) as unknown as Quad
}
