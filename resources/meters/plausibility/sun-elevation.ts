const degrees = Math.PI / 180
const msPerDay = 86_400_000
/** 1 January 2000, 12:00 UTC, from which astronomers count days. */
const epoch2000Ms = 946_728_000_000

/**
 * How high the sun stands over the horizon, in degrees, below it negative. The low-precision formulas of the Astronomical Almanac: right
 * to about a hundredth of a degree from 1950 to 2050, without refraction.
 */
export function sunElevationDegrees(
  epochMs: number,
  place: { readonly latitudeDegrees: number; readonly longitudeDegrees: number },
): number {
  const days = (epochMs - epoch2000Ms) / msPerDay
  const meanLongitude = 280.46 + 0.985_647_4 * days
  const meanAnomaly = (357.528 + 0.985_600_3 * days) * degrees
  const eclipticLongitude = (meanLongitude + 1.915 * Math.sin(meanAnomaly) + 0.02 * Math.sin(2 * meanAnomaly)) * degrees
  const obliquity = (23.439 - 0.000_000_4 * days) * degrees
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(eclipticLongitude), Math.cos(eclipticLongitude))
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(eclipticLongitude))
  const siderealDegrees = 280.460_618_37 + 360.985_647_366_29 * days + place.longitudeDegrees
  const hourAngle = siderealDegrees * degrees - rightAscension
  const latitude = place.latitudeDegrees * degrees
  const sine =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle)
  return Math.asin(Math.max(-1, Math.min(1, sine))) / degrees
}
