import { buildReading, type Figures } from '../json/build-reading.ts'
import type { MeterReading } from '../reading.ts'
import { MeterError } from '../live/meter-driver.ts'
import { commonModel, measuringModels, stringModel, type MeasuringModel } from './models.ts'
import { readInteger, readNumber, readText, wrapOf, type Point } from './points.ts'
import { readModel, type ModelPlace, type ReadRegisters } from './walk-models.ts'

/** Models of a device that are read each time. */
export type SunSpecPlan = {
  readonly meterId: string | null
  readonly measuring: { readonly place: ModelPlace; readonly model: MeasuringModel }
  readonly strings: ModelPlace | null
}

/**
 * Chooses what to read of a device: the model with the identifier `wanted`, else the grid's meter before an inverter before a battery.
 * Rejects with `noMeterModel` when nothing in the map measures.
 */
export async function planReading(
  read: ReadRegisters,
  models: readonly ModelPlace[],
  wanted: number | null = null,
): Promise<SunSpecPlan> {
  const [id, model] =
    [...measuringModels].find(([known]) => models.some((place) => place.id === known && (wanted ?? known) === known)) ??
    []
  const place = models.find((one) => one.id === id)
  if (model === undefined || place === undefined) {
    const found = models.map((one) => one.id).join(', ')
    throw new MeterError(
      'noMeterModel',
      `The device has no model that measures${wanted === null ? '' : ` numbered ${wanted}`}; it has ${found}.`,
    )
  }
  const common = models.find((one) => one.id === commonModel.id)
  const strings = model.kind === 'inverter' ? models.find((one) => one.id === stringModel.id) : undefined
  return {
    meterId: common === undefined ? null : identity(await readModel(read, common)),
    measuring: { place, model },
    strings: strings ?? null,
  }
}

/** Reads a device once. Registers of a model are read together, so that power and energy are of one moment. */
export async function readPlan(read: ReadRegisters, plan: SunSpecPlan, receivedMs: number): Promise<MeterReading> {
  const { place, model } = plan.measuring
  const registers = await readModel(read, place)
  const figures = measured(registers, model)
  const missing = model.kind === 'inverter' && figures.exportWh === null && plan.strings !== null
  const strings = missing ? stringFigures(await readModel(read, plan.strings)) : {}
  const decoded = buildReading('sunspec', receivedMs, { ...figures, ...strings, meterId: plan.meterId })
  if (decoded.kind === 'reading') return decoded.reading
  throw new MeterError('unreadable', `Model ${place.id} of the device is there but tells nothing.`)
}

/**
 * A meter counts what the house takes as positive. Inverters and batteries count what they give as positive, which is export here, as
 * from a meter of their own.
 */
function measured(registers: Uint16Array, model: MeasuringModel): Figures {
  const power = totalOrPhases(registers, model.power, model.phasePowers)
  const imported = totalOrPhases(registers, model.imported, model.phaseImports)
  const exported = totalOrPhases(registers, model.exported, model.phaseExports)
  return {
    powerW: power === null ? null : Number(model.kind === 'meter' ? power : 0n - power),
    importWh: safe(imported),
    exportWh: safe(exported),
    voltagesV: model.voltages.map((point) => readNumber(registers, point)).filter((volts) => volts !== null),
    frequencyHz: model.frequency === undefined ? null : readNumber(registers, model.frequency),
    wrapsAtWh: model.exported === undefined ? null : wrapOf(registers, model.exported),
  }
}

function totalOrPhases(registers: Uint16Array, total: Point | undefined, phases: readonly Point[] = []): bigint | null {
  const told = total === undefined ? null : readInteger(registers, total)
  if (told !== null) return told
  const each = phases.map((point) => readInteger(registers, point)).filter((value) => value !== null)
  return each.length === 0 ? null : each.reduce((sum, value) => sum + value)
}

function stringFigures(registers: Uint16Array): Pick<Figures, 'exportWh' | 'wrapsAtWh'> {
  const room = Math.floor((registers.length - stringModel.firstModuleAt) / stringModel.moduleLength)
  const count = Math.min(Number(readInteger(registers, stringModel.count) ?? 0n), room)
  const energies = Array.from({ length: count }, (_, index) => {
    const at = stringModel.firstModuleAt + index * stringModel.moduleLength + stringModel.energy.at
    return readInteger(registers, { ...stringModel.energy, at })
  })
  if (energies.length === 0 || energies.includes(null)) return {}
  // Strings wrap each at its own time: their sum has no one place where it begins again.
  return { exportWh: safe(energies.reduce<bigint>((sum, value) => sum + value!, 0n)), wrapsAtWh: null }
}

function safe(value: bigint | null): number | null {
  return value !== null && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
}

function identity(registers: Uint16Array): string | null {
  return readText(registers, commonModel.serialAt, commonModel.textLength)
}
