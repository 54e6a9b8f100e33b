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

/**
 * The same for a number from JSON. The shortest text of a double gives back the decimals it was read from, as long as they were
 * 15 digits or fewer (ECMA-262, Number::toString), which any meter's are.
 */
export function numberToUnits(value: number, decimals: number): number | null {
  return toUnits(String(value), decimals)
}
