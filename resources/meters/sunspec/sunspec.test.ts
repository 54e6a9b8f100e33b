import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MeterError } from '../live/meter-driver.ts'
import { meterReadingSchema } from '../reading.ts'
import { floatRegisters, gridMeter, SunSpecDevice, twoRegisters } from '../testing/sunspec-device.ts'
import { measuringModels, stringModel } from './models.ts'
import { readInteger, sizeOf, type Point } from './points.ts'
import { planReading, readPlan } from './read-sunspec.ts'
import { walkModels, type ReadRegisters } from './walk-models.ts'

/** Answers from a map; "no such register" is Modbus exception 2. */
const readerOf =
  ({ registers }: SunSpecDevice): ReadRegisters =>
  async (address, count) =>
    Uint16Array.from({ length: count }, (_, index) => {
      const value = registers.get(address + index)
      if (value === undefined) throw new MeterError('exception', 'no such register')
      return value
    })

async function read(device: SunSpecDevice, wanted: number | null = null) {
  const reader = readerOf(device)
  const plan = await planReading(reader, await walkModels(reader), wanted)
  return meterReadingSchema.parse(await readPlan(reader, plan, 0))
}

const inverter = (values: Readonly<Record<number, number>>) => new SunSpecDevice().add(1, 66).add(103, 50, values)

describe('the walk', () => {
  it.each([40_000, 0, 50_000])('finds a map that begins at %i', async (base) => {
    const device = new SunSpecDevice(base).add(1, 66).add(203, 105)
    expect(await walkModels(readerOf(device))).toEqual([
      { id: 1, address: base + 2, length: 66 },
      { id: 203, address: base + 70, length: 105 },
    ])
  })

  it('says that a device has no map, and that one has nothing that measures', async () => {
    const strange = { registers: new Map([[40_000, 1]]) } as unknown as SunSpecDevice
    await expect(walkModels(readerOf(strange))).rejects.toMatchObject({ code: 'notSunSpec' })
    await expect(read(new SunSpecDevice().add(1, 66).add(120, 26))).rejects.toMatchObject({ code: 'noMeterModel' })
  })

  it('does not swallow other trouble while it looks for the map', async () => {
    const silent: ReadRegisters = () => Promise.reject(new MeterError('noAnswer', 'silence'))
    await expect(walkModels(silent)).rejects.toMatchObject({ code: 'noAnswer' })
  })

  it('ends in a map without an end', async () => {
    const endless: ReadRegisters = async (address) =>
      address < 40_002 ? Uint16Array.of(address === 40_000 ? 0x5375 : 0, 0x6e53) : Uint16Array.of(64_000, 5)
    expect((await walkModels(endless)).length).toBeLessThanOrEqual(64)
  })
})

describe('figures', () => {
  it('reads a grid meter', async () => {
    expect(await read(gridMeter({ importWh: 1_234_567, exportWh: 89, powerW: -750 }))).toMatchObject({
      meterId: 'SN-203',
      importWh: 1_234_567,
      exportWh: 89,
      powerW: -750,
      voltagesV: [230.1, 229.9, 231],
      frequencyHz: 50.01,
      wrapsAtWh: 2 ** 32,
    })
  })

  it('scales up and down without the error of floats', async () => {
    const device = gridMeter({ importWh: 1_234_567, exportWh: 7, powerW: 12 })
    expect(await read(device.set(203, { 22: 1, 54: 2 }))).toMatchObject({ importWh: 123_456_700, powerW: 120 })
    expect(await read(device.set(203, { 22: -1, 54: -3 }))).toMatchObject({ importWh: 1_234, exportWh: 0, powerW: 1 })
  })

  it('takes a register whose power of ten is missing for not implemented', async () => {
    const device = gridMeter({ importWh: 5, exportWh: 5, powerW: 5 }).set(203, { 54: 0x8000 })
    expect(await read(device)).toMatchObject({ importWh: null, exportWh: null, powerW: 5 })
  })

  it('sums the phases where the total is not implemented', async () => {
    const device = gridMeter({ importWh: 5, exportWh: 5, powerW: -0x8000 })
    expect(await read(device.set(203, { 19: 100, 20: -30, 21: 0x8000 }))).toMatchObject({ powerW: 70 })
  })

  it('reads what an inverter gives as export', async () => {
    const device = inverter({ 14: 3_210, 15: 0, ...twoRegisters(24, 9_000_000), 26: 0 })
    expect(await read(device)).toMatchObject({ importWh: null, exportWh: 9_000_000, powerW: -3_210 })
  })

  it('sums the strings where the inverter counts nothing itself', async () => {
    const device = inverter({ 14: 1, 15: 0 })
    device.add(160, 48, { 4: 0, 5: 1, 8: 2, ...twoRegisters(22, 1_000), ...twoRegisters(42, 11) })
    expect(await read(device)).toMatchObject({ exportWh: 10_110, powerW: -1, wrapsAtWh: null })
  })

  it('reads floats, and NaN as not implemented', async () => {
    const device = new SunSpecDevice().add(213, 124, {
      ...floatRegisters(28, -20.9),
      ...floatRegisters(60, NaN),
      ...floatRegisters(68, 1_000.75),
      ...floatRegisters(26, 50),
      ...{ ...floatRegisters(12, NaN), ...floatRegisters(14, NaN), ...floatRegisters(16, NaN) },
      ...{ ...floatRegisters(62, NaN), ...floatRegisters(64, NaN), ...floatRegisters(66, NaN) },
    })
    expect(await read(device)).toMatchObject({
      importWh: 1_000,
      exportWh: null,
      powerW: -20,
      voltagesV: [],
      wrapsAtWh: null,
    })
  })

  it('reads 64-bit registers of model 701', async () => {
    const device = new SunSpecDevice().add(701, 153, {
      10: -40,
      116: 0,
      19: 0,
      20: 1,
      21: 0,
      22: 2,
      23: 0,
      24: 0,
      25: 0,
      26: 9,
      120: 0,
    })
    expect(await read(device)).toMatchObject({ exportWh: 2 ** 32 + 2, importWh: 9, powerW: 40 })
  })

  it('prefers the grid’s meter, unless another model is asked for', async () => {
    const device = gridMeter({ importWh: 1, exportWh: 2, powerW: 3 })
      .add(103, 50, { 14: 500, 15: 0 })
      .add(802, 62, { 47: 20, 63: 0 })
    expect(await read(device)).toMatchObject({ powerW: 3 })
    expect(await read(device, 103)).toMatchObject({ powerW: -500 })
    expect(await read(device, 802)).toMatchObject({ powerW: -20, importWh: null, exportWh: null })
  })

  it('refuses a model that is there and tells nothing', async () => {
    await expect(read(inverter({}))).rejects.toMatchObject({ code: 'unreadable' })
  })

  it('is total over short answers', () => {
    const point: Point = { at: 5, type: 'uint64', sf: 99 }
    expect(readInteger(new Uint16Array(7), point)).toBeNull()
  })
})

const folder = process.env['HEARTH_FIXTURES']

type Official = {
  group: { points: { name: string; type: string; size: number; sf?: string }[]; groups?: Official['group'][] }
}

/** Points of an official definition by name, with where they lie and where their power of ten lies. */
function official(id: number) {
  const { group } = JSON.parse(readFileSync(join(folder!, `sunspec/model_${id}.json`), 'utf8')) as Official
  const points = new Map<string, { at: number; type: string; sf: string | undefined }>()
  let at = 0
  for (const { name, type, size, sf } of group.points) {
    points.set(name, { at, type, sf })
    at += size
  }
  return { points, group, length: at }
}

describe.skipIf(folder === undefined)('the layouts', () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    meter: ['W', 'TotWhExp', 'TotWhImp', 'Hz', 'PhVphA', 'PhVphB', 'PhVphC'],
    inverter: ['W', 'WH', 'WH', 'Hz', 'PhVphA', 'PhVphB', 'PhVphC'],
    der: ['W', 'TotWhInj', 'TotWhAbs', 'Hz', 'VL1', 'VL2', 'VL3'],
    battery: ['W'],
  }
  const phases: readonly (readonly ['phasePowers' | 'phaseImports' | 'phaseExports', string])[] = [
    ['phasePowers', 'Wph'],
    ['phaseImports', 'TotWhImpPh'],
    ['phaseExports', 'TotWhExpPh'],
  ]

  it.each([101, 103, 111, 113, 201, 203, 204, 211, 213, 701, 802])('of model %i are the official ones', (id) => {
    const { points } = official(id)
    const model = measuringModels.get(id)!
    const check = (point: Point | undefined, name: string) => {
      if (point === undefined) return
      const { at, type, sf } = points.get(name)!
      expect({ name, at: point.at, size: sizeOf(point.type), sf: point.sf }).toEqual({
        name,
        at,
        size: sizeOf(type as Point['type']),
        sf: sf === undefined ? undefined : points.get(sf)!.at,
      })
    }
    const [power, exported, imported, frequency, ...voltages] = names[model.kind]!
    check(model.power, power!)
    check(model.exported, exported ?? '')
    check(model.imported, imported ?? '')
    check(model.frequency, frequency ?? '')
    model.voltages.forEach((point, index) => check(point, voltages[index]!))
    for (const [list, name] of phases) model[list]?.forEach((point, index) => check(point, `${name}${'ABC'[index]}`))
  })

  it('of model 160 is the official one', () => {
    const { points, group, length } = official(160)
    const module = group.groups![0]!.points
    const at = (name: string) =>
      module
        .slice(
          0,
          module.findIndex((point) => point.name === name),
        )
        .reduce((sum, { size }) => sum + size, 0)
    expect(stringModel).toMatchObject({
      count: { at: points.get('N')!.at },
      firstModuleAt: length,
      moduleLength: module.reduce((sum, { size }) => sum + size, 0),
      power: { at: at('DCW'), sf: points.get('DCW_SF')!.at },
      energy: { at: at('DCWH'), sf: points.get('DCWH_SF')!.at },
    })
  })
})
