const open = 0x28
const close = 0x29
const star = 0x2a
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
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

/** What a register counts: energy in units of 0.1 mWh, power in mW, voltage in mV, frequency in mHz. */
export type Scale = 'Wh' | 'W' | 'V' | 'Hz'
/** 10^n of the scale's unit in one of a telegram's units. */
const exponents: Readonly<Record<Scale, Readonly<Record<string, number>>>> = {
  Wh: { kWh: 7, Wh: 4, MWh: 10 },
  W: { kW: 6, W: 3, MW: 9 },
  V: { V: 3 },
  Hz: { Hz: 3 },
}

/**
 * Reads a telegram's bytes line by line without making strings of them: a telegram comes every second, and the bench decodes millions.
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
  lineStart = 0
  /** Index behind the line's last byte that counts. */
  lineEnd = 0
  readonly bytes: Buffer
  private readonly end: number
  private at: number

  constructor(bytes: Buffer, start: number, end: number) {
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
      if (bytes[at]! >= zero && bytes[at]! <= nine) this.readCode(at, 0)
      // "C.1.0" is how IEC 62056-21 writes group C = 96, general service entries.
      else if (bytes[at] === letterC && bytes[at + 1] === point) this.readCode(at + 1, 96)
      at = this.valueAt < 0 ? at : this.valueAt
      while (at < end && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++
      this.lineEnd = at
      while (at < end && (bytes[at] === lineFeed || bytes[at] === carriageReturn)) at++
      this.at = at
      if (this.valueAt >= 0) return true
    }
    return false
  }

  private readCode(start: number, first: number): void {
    const { bytes, end } = this
    this.a = this.b = this.c = this.d = this.e = this.f = -1
    let value = first
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      if (byte >= zero && byte <= nine) {
        value = value * 10 + byte - zero
        if (value > 999) return
        continue
      }
      if (byte === point) {
        if (this.c < 0) this.c = value
        else this.d = value
      } else if (byte === minus) this.a = value
      else if (byte === colon) this.b = value
      else if (byte === star || byte === ampersand) this.e = value
      else if (byte === open) return this.endCode(at, value)
      else return
      value = 0
    }
  }

  private endCode(at: number, value: number): void {
    if (this.c < 0) return
    if (this.e >= 0) this.f = value
    else if (this.d >= 0) this.e = value
    else this.d = value
    this.valueAt = at
  }

  /** Text of the first value, or null where its ")" is missing. */
  text(): string | null {
    const { bytes, valueAt, lineEnd } = this
    for (let at = valueAt + 1; at < lineEnd; at++) {
      if (bytes[at] === close) return bytes.toString('latin1', valueAt + 1, at)
    }
    return null
  }

  /** Text of the last value of the line, which may be the first. */
  lastText(): string | null {
    const { bytes, valueAt, lineEnd } = this
    if (bytes[lineEnd - 1] !== close) return null
    const start = bytes.lastIndexOf(open, lineEnd - 1)
    return start < valueAt ? null : bytes.toString('latin1', start + 1, lineEnd - 1)
  }

  /**
   * The first value as an integer of the scale's unit, rounded toward zero. Not-a-number unless it is a decimal number with a unit of
   * that scale that fits a safe integer.
   */
  quantity(scale: Scale): number {
    const { bytes, lineEnd } = this
    let at = this.valueAt + 1
    const negative = bytes[at] === minus
    if (negative) at++
    const start = at
    let digits = 0
    let fraction = -1
    let value = 0
    for (; at < lineEnd; at++) {
      const byte = bytes[at]!
      if (byte >= zero && byte <= nine) {
        if (value > 0 || byte !== zero) digits++
        value = value * 10 + byte - zero
        if (fraction >= 0) fraction++
      } else if (byte === point && fraction < 0) fraction = 0
      else break
    }
    if (bytes[at] !== star || at === start || digits > mostDigits) return NaN
    const shift = this.unitExponent(at + 1, scale) - Math.max(fraction, 0)
    // A fraction longer than this is noise; a missing unit makes the shift not-a-number.
    if (!(shift > -16)) return NaN
    const units = shift >= 0 ? value * powersOfTen[shift]! : Math.floor(value / powersOfTen[-shift]!)
    if (!Number.isSafeInteger(units)) return NaN
    return negative ? 0 - units : units
  }

  private unitExponent(at: number, scale: Scale): number {
    const { bytes } = this
    // kWh and kW, which nearly every line has, without making a string.
    if (bytes[at] === 0x6b && bytes[at + 1] === 0x57) {
      if (scale === 'W' && bytes[at + 2] === close) return 6
      if (scale === 'Wh' && bytes[at + 2] === 0x68 && bytes[at + 3] === close) return 7
    }
    const end = bytes.indexOf(close, at)
    if (end < 0 || end > this.lineEnd) return NaN
    return exponents[scale][bytes.toString('latin1', at, end)] ?? NaN
  }
}
