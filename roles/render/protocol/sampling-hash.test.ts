import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixFour, randomsAt, streamOf } from './sampling-hash.ts'

const address = fc.record({
  stream: fc.nat(0xffff_ffff),
  x: fc.nat(16_383),
  y: fc.nat(16_383),
  sample: fc.nat(65_535),
  dimension: fc.nat(4_095),
})

/** The published steps with big integers, written down a second time. */
function mixWithBigIntegers(input: readonly number[]): number[] {
  const wrap = (value: bigint): bigint => value & 0xffff_ffffn
  const v = input.map((value) => wrap(BigInt(value) * 1664525n + 1013904223n))
  const stir = (): void => {
    v[0] = wrap(v[0]! + v[1]! * v[3]!)
    v[1] = wrap(v[1]! + v[2]! * v[0]!)
    v[2] = wrap(v[2]! + v[0]! * v[1]!)
    v[3] = wrap(v[3]! + v[1]! * v[2]!)
  }
  stir()
  for (let index = 0; index < 4; index++) v[index] = v[index]! ^ (v[index]! >> 16n)
  stir()
  return v.map(Number)
}

describe('the random numbers of a picture', () => {
  it('are the published hash', () => {
    const quad = fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
    fc.assert(
      fc.property(quad, (input) => {
        expect(mixFour(input)).toEqual(mixWithBigIntegers(input))
      }),
    )
  })

  it('stay the same for ever: a changed value would change every picture', () => {
    expect(mixFour([1, 2, 3, 4])).toEqual(mixWithBigIntegers([1, 2, 3, 4]))
    expect(streamOf(7, 3)).toBe(mixWithBigIntegers([7, 3, 0x48656172, 0x74680001])[0])
  })

  it('lie in [0, 1) and are exact as 32-bit floats', () => {
    fc.assert(
      fc.property(address, (place) => {
        for (const value of randomsAt(place)) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThan(1)
          expect(Math.fround(value)).toBe(value)
        }
      }),
    )
  })

  it('spread evenly over pixels, samples and dimensions', () => {
    const counts = new Uint32Array(16)
    const draws = 40_000
    for (let index = 0; index < draws; index++) {
      const place = { stream: 5, x: index % 100, y: ((index / 100) % 20) | 0, sample: index % 7, dimension: index % 3 }
      for (const value of randomsAt(place)) counts[Math.floor(value * 16)]!++
    }
    const expected = (draws * 4) / 16
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 15 degrees of freedom: above 45 once in ten thousand.
    expect(chiSquare).toBeLessThan(45)
  })

  it('differ for another seed, frame, pixel, sample or dimension', () => {
    const base = { stream: streamOf(1, 0), x: 3, y: 4, sample: 5, dimension: 6 }
    const others = [
      { ...base, stream: streamOf(2, 0) },
      { ...base, stream: streamOf(1, 1) },
      { ...base, x: 4, y: 3 },
      { ...base, sample: 6 },
      { ...base, dimension: 5 },
    ]
    for (const other of others) expect(randomsAt(other)).not.toEqual(randomsAt(base))
  })
})
