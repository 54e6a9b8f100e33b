import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sunElevationDegrees } from './sun-elevation.ts'

const at = (latitudeDegrees: number, longitudeDegrees: number) => ({ latitudeDegrees, longitudeDegrees })

/** The highest and lowest stand of a UTC day, minute by minute. */
function extremes(day: number, place: { latitudeDegrees: number; longitudeDegrees: number }) {
  const stands = Array.from({ length: 1440 }, (_, minute) => sunElevationDegrees(day + minute * 60_000, place))
  return { highest: Math.max(...stands), lowest: Math.min(...stands) }
}

describe('the sun', () => {
  it.each([
    // Highest stand is 90 - latitude + declination, which at a solstice is 23.44 and at an equinox 0.
    ['over Berlin at the summer solstice', Date.UTC(2026, 5, 21), at(52.52, 13.4), 90 - 52.52 + 23.44],
    ['over Berlin at the winter solstice', Date.UTC(2026, 11, 21), at(52.52, 13.4), 90 - 52.52 - 23.44],
    ['over the equator at the equinox', Date.UTC(2026, 2, 20), at(0, 0), 90],
    ['over Tromsø in the polar night', Date.UTC(2026, 11, 21), at(69.65, 18.96), 90 - 69.65 - 23.44],
  ])('stands as high as geometry says %s', (_, day, place, highest) => {
    expect(extremes(day, place).highest).toBeCloseTo(highest, 0)
  })

  it('does not set in a polar summer', () => {
    expect(extremes(Date.UTC(2026, 5, 21), at(69.65, 18.96)).lowest).toBeGreaterThan(0)
  })

  it('stands highest near noon of the place', () => {
    const stand = (hour: number) => sunElevationDegrees(Date.UTC(2026, 8, 22, hour), at(40, -75))
    expect(stand(17)).toBeGreaterThan(stand(14))
    expect(stand(17)).toBeGreaterThan(stand(20))
    expect(stand(5)).toBeLessThan(-6)
  })

  it('is a number between -90 and 90 wherever and whenever', () => {
    const latitude = fc.double({ min: -90, max: 90, noNaN: true })
    const longitude = fc.double({ min: -180, max: 180, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), latitude, longitude, (ms, lat, long) => {
        expect(Math.abs(sunElevationDegrees(ms, at(lat, long)))).toBeLessThanOrEqual(90)
      }),
    )
  })
})
