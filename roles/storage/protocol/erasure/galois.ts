/** x^8 + x^4 + x^3 + x^2 + 1, the polynomial that Reed-Solomon libraries agree on. */
const polynomial = 0x11d

const exponents = new Uint8Array(510)
const logarithms = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power++) {
  exponents[power] = value
  exponents[power + 255] = value
  logarithms[value] = power
  value = (value << 1) ^ (value & 0x80 ? polynomial : 0)
}

/** Product in GF(2^8). */
export function multiply(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : exponents[logarithms[left]! + logarithms[right]!]!
}

/** Multiplicative inverse in GF(2^8). Throws RangeError for zero, which has none. */
export function inverse(value: number): number {
  if (value === 0) throw new RangeError('Zero has no inverse in GF(2^8).')
  return exponents[255 - logarithms[value]!]!
}

/** `base` to the power of `exponent` in GF(2^8); anything to the power of zero is one. */
export function power(base: number, exponent: number): number {
  if (exponent === 0) return 1
  return base === 0 ? 0 : exponents[(logarithms[base]! * exponent) % 255]!
}
