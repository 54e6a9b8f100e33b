import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeSrgb, neutralCurve, toneMap } from './tone-map.ts'

describe('tone mapping', () => {
  it('keeps black black, and middle tones but for the reflectance it takes off', () => {
    expect(neutralCurve(0, 0, 0)).toEqual([0, 0, 0])
    const [red, green, blue] = neutralCurve(0.5, 0.4, 0.3)
    expect(red).toBeCloseTo(0.46)
    expect(green).toBeCloseTo(0.36)
    expect(blue).toBeCloseTo(0.26)
  })

  it('never leaves [0, 1] and never turns darker when there is more light', () => {
    const light = fc.float({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(light, light, light, (red, green, blue) => {
        const shown = neutralCurve(red, green, blue)
        for (const value of shown) expect(value >= -1e-9 && value <= 1).toBe(true)
        const brighter = neutralCurve(red * 2, green * 2, blue * 2)
        expect(Math.max(...brighter)).toBeGreaterThanOrEqual(Math.max(...shown) - 1e-9)
      }),
    )
  })

  it('encodes by the sRGB standard', () => {
    expect([0, 0.003, 0.214, 0.5, 1, 2, Number.NaN].map(encodeSrgb)).toEqual([0, 10, 127, 188, 255, 255, 0])
  })

  it('divides by the samples and shows what overflowed as white', () => {
    const sums = Float32Array.from([8, 8, 8, Infinity, Infinity, Infinity, Number.NaN, -1, 0])
    const rgba = toneMap(sums, 16)
    expect([...rgba.subarray(0, 4)]).toEqual([181, 181, 181, 255])
    expect([...rgba.subarray(4, 8)]).toEqual([255, 255, 255, 255])
    expect([...rgba.subarray(8)]).toEqual([0, 0, 0, 255])
  })
})
