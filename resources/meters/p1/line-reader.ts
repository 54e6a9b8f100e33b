const open = 0x28
const close = 0x29
const star = 0x2a
const minus = 0x2d
const point = 0x2e
const colon = 0x3a
const ampersand = 0x26
const lineFeed = 0x0a
const carriageReturn = 0x0d
const letterC = 0x43
/** IEC 62056-21 may frame the lines behind the name in STX and ETX. */
const startOfText = 0x02

/** Digits that surely fit a safe integer, whatever they are. */
const mostDigits = 15
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)

/** 10^n of one unit in the scale's units: energy counts in 0.1 mWh, power in mW. */
const exponents: Readonly<Record<string, number>> = { kWh: 7, Wh: 4, MWh: 10, kW: 6, W: 3, MW: 9 }

/**
 * Reads a telegram's bytes line by line without making strings: a telegram comes every second, and the bench decodes millions.
 * `next` finds the next line that begins with an OBIS code (IEC 62056-61: A-B:C.D.E*F, A, B and F may be missing) and a value.
 */
export class LineReader {
  /** Groups of the code; -1 where the line has none. */
  a = -1
  b = -1
  c = -1
  d = -1
  e = -1
  f = -1
  /** Index of the "(" that follows the code. */
  valueAt = 0
  /** Index behind the line's last byte that counts. */
  lineEnd = 0
  lineStart = 0
  readonly bytes: Uint8Array
  private readonly end: number
  private at: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes
    this.end = end
    this.at = start
  }

  /** Goes to the next line with an OBIS code and a value. False at the end. */
  next(): boolean {
    const { bytes, end } = this
    while (this.at < end) {
      let at = this.at
      if (bytes[at] === startOfText) at++
      this.lineStart = at
      this.valueAt = -1
      if (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) this.readCode()
      else if (bytes[at] === letterC && bytes[at + 1] === point) this.readCode()
      at = this.valueAt < 0 ? at : this.valueAt
      while (at < end && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++
      this.lineEnd = at
      while (at < end && (bytes[at] === lineFeed || bytes[at] === carriageReturn)) at++
      this.at = at
      if (this.valueAt >= 0) return true
    }
    return false
  }

  private readCode(): void {
    const { bytes, end } = this
    this.a = this.b = this.c = this.d = this.e = this.f = -1
    let at = this.lineStart
    let value = 0
    if (bytes[at] === letterC) {
      // "C.1.0" is how IEC 62056-21 writes group C = 96, general service entries.
      value = 96
      at++
    }
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + byte - 0x30
        if (value > 999) return
        continue
      }
      if (byte === minus) this.a = value
      else if (byte === colon) this.b = value
      else if (byte === point && this.c < 0) this.c = value
      else if (byte === point) this.d = value
      else if (byte === star || byte === ampersand) this.e = value
      else if (byte === open) {
        if (this.c < 0) return
        if (this.e >= 0) this.f = value
        else if (this.d >= 0) this.e = value
        else this.d = value
        this.valueAt = at
        return
      } else return
      value = 0
    }
  }

  /** Text of the first value, or null where its ")" is missing. */
  text(): string | null {
    const { bytes, valueAt, lineEnd } = this
    for (let at = valueAt + 1; at < lineEnd; at++) {
      if (bytes[at] === close) return latin(bytes, valueAt + 1, at)
    }
    return null
  }

  /**
   * The first value as an integer of 0.1 mWh (`scale` 'Wh') or mW ('W'), rounded toward zero. Not-a-number unless it is a decimal
   * number with a unit of that scale that fits a safe integer.
   */
  quantity(scale: 'Wh' | 'W'): number {
    const { bytes, lineEnd } = this
    let at = this.valueAt + 1
    const negative = bytes[at] === minus
    if (negative) at++
    let digits = 0
    let fraction = -1
    let value = 0
    for (; at < lineEnd; at++) {
      const byte = bytes[at]!
      if (byte >= 0x30 && byte <= 0x39) {
        if (digits > 0 || byte !== 0x30) digits++
        if (digits > mostDigits) return NaN
        value = value * 10 + byte - 0x30
        if (fraction >= 0) fraction++
      } else if (byte === point && fraction < 0) fraction = 0
      else break
    }
    const numberEnd = at
    if (bytes[at] !== star || numberEnd === this.valueAt + 1) return NaN
    const exponent = this.unitExponent(at + 1, scale)
    if (exponent < 0) return NaN
    const shift = exponent - Math.max(fraction, 0)
    const units = shift >= 0 ? value * powersOfTen[shift]! : Math.floor(value / powersOfTen[-shift]!)
    if (!Number.isSafeInteger(units)) return NaN
    return negative ? 0 - units : units
  }

  private unitExponent(at: number, scale: 'Wh' | 'W'): number {
    const { bytes } = this
    const hour = scale === 'Wh' ? 1 : 0
    const kilo = bytes[at] === 0x6b
    const length = (kilo ? 2 : 1) + hour
    if (
      bytes[at + length] === close &&
      bytes[kilo ? at + 1 : at] === 0x57 &&
      (hour === 0 || bytes[at + length - 1] === 0x68)
    )
      return exponents[scale]! + (kilo ? 3 : 0)
    const text = this.text()
    const unit = text?.slice(text.indexOf('*') + 1).trim() ?? ''
    const isScale = unit.endsWith('Wh') === (scale === 'Wh')
    return isScale ? (exponents[unit] ?? -1) : -1
  }
}

/** Bytes as text, one character each. */
export function latin(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
