/** Types of points that are read here (SunSpec Device Information Model Specification, section 3). */
export type PointType = 'int16' | 'uint16' | 'uint32' | 'uint64' | 'acc32' | 'acc64' | 'float32'

/** Where a point lies in its model, counted in registers from the model's identifier; `sf` is where its power of ten lies. */
export type Point = { readonly at: number; readonly type: PointType; readonly sf?: number }

const notScaled = -0x8000
const largestPower = 10

/**
 * The integer part of a point's value, rounded toward zero, or null where the device does not implement it: each integer type has one
 * value that says so, floats use NaN, and a point whose power of ten is missing says nothing.
 */
export function readInteger(registers: Uint16Array, point: Point): bigint | null {
  if (point.type === 'float32') {
    const value = readFloat(registers, point.at)
    return value === null ? null : BigInt(Math.trunc(value))
  }
  const raw = readRaw(registers, point)
  const power = readPower(registers, point.sf)
  if (raw === null || power === null) return null
  return power >= 0 ? raw * 10n ** BigInt(power) : raw / 10n ** BigInt(-power)
}

/** A point's value as a number, for what is not counted: volts, hertz. */
export function readNumber(registers: Uint16Array, point: Point): number | null {
  if (point.type === 'float32') return readFloat(registers, point.at)
  const raw = readRaw(registers, point)
  const power = readPower(registers, point.sf)
  if (raw === null || power === null) return null
  // Divided, not multiplied by a fraction: 2301 / 10 is 230.1, 2301 * 0.1 is not.
  return power >= 0 ? Number(raw) * 10 ** power : Number(raw) / 10 ** -power
}

/** Where an accumulator begins again at zero, in units of its value; null for points that are none. */
export function wrapOf(registers: Uint16Array, point: Point): number | null {
  const power = readPower(registers, point.sf)
  if (point.type !== 'acc32' || power === null) return null
  const wrap = power >= 0 ? 2n ** 32n * 10n ** BigInt(power) : 2n ** 32n / 10n ** BigInt(-power)
  return wrap <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wrap) : null
}

/** Text of a string point, padded with zeros or blanks; null when it is empty. */
export function readText(registers: Uint16Array, at: number, length: number): string | null {
  let text = ''
  for (const register of registers.subarray(at, at + length)) {
    for (const byte of [register >> 8, register & 0xff]) text += String.fromCharCode(byte)
  }
  const clean = text.replace(/[^\x20-\x7e]+.*$/s, '').trim()
  return clean === '' ? null : clean
}

function readRaw(registers: Uint16Array, { at, type }: Point): bigint | null {
  if (at + sizeOf(type) > registers.length) return null
  const unsigned = joined(registers, at, sizeOf(type))
  switch (type) {
    case 'int16': {
      const value = BigInt.asIntN(16, unsigned)
      return value === BigInt(notScaled) ? null : value
    }
    case 'uint16':
      return unsigned === 0xffffn ? null : unsigned
    case 'uint32':
      return unsigned === 0xffff_ffffn ? null : unsigned
    case 'uint64':
      return unsigned === 0xffff_ffff_ffff_ffffn ? null : unsigned
    case 'acc32':
    case 'acc64':
      return unsigned
    case 'float32':
      return null
  }
}

function readPower(registers: Uint16Array, at: number | undefined): number | null {
  if (at === undefined) return 0
  const register = registers[at]
  if (register === undefined) return null
  const power = (register << 16) >> 16
  return power === notScaled || Math.abs(power) > largestPower ? null : power
}

function readFloat(registers: Uint16Array, at: number): number | null {
  if (at + 2 > registers.length) return null
  const view = new DataView(new ArrayBuffer(4))
  view.setUint16(0, registers[at]!)
  view.setUint16(2, registers[at + 1]!)
  const value = view.getFloat32(0)
  return Number.isFinite(value) ? value : null
}

function joined(registers: Uint16Array, at: number, size: number): bigint {
  let value = 0n
  for (let index = 0; index < size; index++) value = (value << 16n) | BigInt(registers[at + index]!)
  return value
}

export function sizeOf(type: PointType): number {
  switch (type) {
    case 'int16':
    case 'uint16':
      return 1
    case 'uint32':
    case 'acc32':
    case 'float32':
      return 2
    case 'uint64':
    case 'acc64':
      return 4
  }
}
