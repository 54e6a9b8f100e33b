/** Registers of a SunSpec device as a map from address to value, put together model by model. */
export class SunSpecDevice {
  readonly registers = new Map<number, number>()
  private next: number
  private readonly places = new Map<number, number>()

  constructor(base = 40_000) {
    this.registers.set(base, 0x5375).set(base + 1, 0x6e53)
    this.next = base + 2
    this.end()
  }

  /** Appends a model of `length` registers with everything marked as not implemented (0x8000), then sets some of them. */
  add(id: number, length: number, values: Readonly<Record<number, number>> = {}): this {
    const at = this.next
    for (let offset = 2; offset < length + 2; offset++) this.registers.set(at + offset, 0x8000)
    this.registers.set(at, id).set(at + 1, length)
    this.places.set(id, at)
    this.next = at + length + 2
    this.end()
    return this.set(id, values)
  }

  /** Sets registers of a model, by their offset from its identifier. */
  set(id: number, values: Readonly<Record<number, number>>): this {
    for (const [offset, value] of Object.entries(values)) {
      this.registers.set(this.places.get(id)! + Number(offset), value & 0xffff)
    }
    return this
  }

  /** Writes text into a string point. */
  text(id: number, at: number, text: string): this {
    for (let index = 0; index * 2 < text.length; index++) {
      const [high = 0, low = 0] = Buffer.from(text.slice(index * 2, index * 2 + 2), 'latin1')
      this.set(id, { [at + index]: (high << 8) | low })
    }
    return this
  }

  private end(): void {
    this.registers.set(this.next, 0xffff).set(this.next + 1, 0)
  }
}

/** The two registers of a 32-bit value. */
export function twoRegisters(at: number, value: number): Record<number, number> {
  return { [at]: Math.floor(value / 65_536) & 0xffff, [at + 1]: value & 0xffff }
}

/** The two registers of a float. */
export function floatRegisters(at: number, value: number): Record<number, number> {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return { [at]: view.getUint16(0), [at + 1]: view.getUint16(2) }
}

/** A three-phase meter, model 203, serial number SN-203: registers in Wh, power in W. */
export function gridMeter(o: { importWh: number; exportWh: number; powerW: number }): SunSpecDevice {
  const device = new SunSpecDevice().add(1, 66).text(1, 2, 'Hearth').text(1, 50, 'SN-203').add(203, 105)
  return device.set(203, {
    ...{ 8: 2301, 9: 2299, 10: 2310, 15: -1, 16: 5001, 17: -2 },
    ...{ 18: o.powerW, 22: 0 },
    ...twoRegisters(38, o.exportWh),
    ...twoRegisters(46, o.importWh),
    54: 0,
  })
}
