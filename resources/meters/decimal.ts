const plain = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

/**
 * A decimal number as whole units of 10^-decimals, rounded toward zero: `toUnits('2.813', 3)` is 2813, where 2.813 * 1000 is not.
 * Null for what is no number, and for one beyond 2^53 units.
 */
export function toUnits(text: string, decimals: number): number | null {
  const match = plain.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponent) + decimals
  const kept = point <= 0 ? '0' : digits.slice(0, point).padEnd(Math.min(point, 40), '0')
  const units = Number(kept)
  if (!Number.isSafeInteger(units)) return null
  return sign === '-' ? 0 - units : units
}

const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)
/** Below this a product with a power of ten is wrong by less than a ten-thousandth. */
const surelyNear = 1e11
const surelyBetween = 1e-3

/**
 * The same for a number from JSON. The shortest text of a double gives back the decimals it was read from, as long as they were
 * 15 digits or fewer (ECMA-262, Number::toString), which any meter's are. Usually the text need not be made: a whole number of units
 * whose quotient is the very same double is what was written, and one far from any whole number is simply cut.
 */
export function numberToUnits(value: number, decimals: number): number | null {
  const power = powersOfTen[decimals]!
  const product = value * power
  if (Math.abs(product) < surelyNear) {
    const whole = Math.round(product)
    if (whole / power === value) return whole + 0
    if (Math.abs(product - whole) > surelyBetween) return Math.trunc(product) + 0
  }
  return toUnits(String(value), decimals)
}
