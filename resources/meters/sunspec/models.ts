import type { Point } from './points.ts'

/** What is read of a model that measures. Lists hold one point for each phase. */
export type MeasuringModel = {
  readonly kind: 'meter' | 'inverter' | 'der' | 'battery'
  readonly power: Point
  readonly phasePowers?: readonly Point[]
  readonly imported?: Point
  readonly phaseImports?: readonly Point[]
  readonly exported?: Point
  readonly phaseExports?: readonly Point[]
  readonly voltages: readonly Point[]
  readonly frequency?: Point
}

const many = (type: Point['type'], sf: number | undefined, ...at: readonly number[]): Point[] =>
  at.map((one) => (sf === undefined ? { at: one, type } : { at: one, type, sf }))

/** Inverters 101 to 103 (split phase and three phases differ only in what is implemented). */
const inverter: MeasuringModel = {
  kind: 'inverter',
  power: { at: 14, type: 'int16', sf: 15 },
  exported: { at: 24, type: 'acc32', sf: 26 },
  voltages: many('uint16', 13, 10, 11, 12),
  frequency: { at: 16, type: 'uint16', sf: 17 },
}

/** Inverters 111 to 113, the same in floats. */
const inverterFloat: MeasuringModel = {
  kind: 'inverter',
  power: { at: 22, type: 'float32' },
  exported: { at: 32, type: 'float32' },
  voltages: many('float32', undefined, 16, 18, 20),
  frequency: { at: 24, type: 'float32' },
}

/** Meters 201 to 204. */
const meter: MeasuringModel = {
  kind: 'meter',
  power: { at: 18, type: 'int16', sf: 22 },
  phasePowers: many('int16', 22, 19, 20, 21),
  exported: { at: 38, type: 'acc32', sf: 54 },
  phaseExports: many('acc32', 54, 40, 42, 44),
  imported: { at: 46, type: 'acc32', sf: 54 },
  phaseImports: many('acc32', 54, 48, 50, 52),
  voltages: many('int16', 15, 8, 9, 10),
  frequency: { at: 16, type: 'int16', sf: 17 },
}

/** Meters 211 to 214, the same in floats. */
const meterFloat: MeasuringModel = {
  kind: 'meter',
  power: { at: 28, type: 'float32' },
  phasePowers: many('float32', undefined, 30, 32, 34),
  exported: { at: 60, type: 'float32' },
  phaseExports: many('float32', undefined, 62, 64, 66),
  imported: { at: 68, type: 'float32' },
  phaseImports: many('float32', undefined, 70, 72, 74),
  voltages: many('float32', undefined, 12, 14, 16),
  frequency: { at: 26, type: 'float32' },
}

/** 701: what an inverter or battery measures at its terminals (IEEE 1547-2018). */
const derMeasurement: MeasuringModel = {
  kind: 'der',
  power: { at: 10, type: 'int16', sf: 116 },
  exported: { at: 19, type: 'uint64', sf: 120 },
  imported: { at: 23, type: 'uint64', sf: 120 },
  voltages: many('uint16', 114, 47, 70, 93),
  frequency: { at: 17, type: 'uint32', sf: 115 },
}

/** 802: a battery. It counts no energy. */
const battery: MeasuringModel = { kind: 'battery', power: { at: 47, type: 'int16', sf: 63 }, voltages: [] }

/** Models that measure, by identifier, the best first: the grid's meter before an inverter before a battery. */
export const measuringModels: ReadonlyMap<number, MeasuringModel> = new Map([
  ...[201, 202, 203, 204].map((id) => [id, meter] as const),
  ...[211, 212, 213, 214].map((id) => [id, meterFloat] as const),
  ...[101, 102, 103].map((id) => [id, inverter] as const),
  ...[111, 112, 113].map((id) => [id, inverterFloat] as const),
  [701, derMeasurement] as const,
  [802, battery] as const,
])

/** 160: the strings of an inverter. Read where the inverter tells no energy of its own. */
export const stringModel = {
  id: 160,
  count: { at: 8, type: 'uint16' },
  firstModuleAt: 10,
  moduleLength: 20,
  power: { at: 11, type: 'uint16', sf: 4 },
  energy: { at: 12, type: 'acc32', sf: 5 },
} as const satisfies { count: Point; power: Point; energy: Point } & Record<string, unknown>

/** The common model, with which every device begins. */
export const commonModel = { id: 1, manufacturerAt: 2, modelAt: 18, serialAt: 50, textLength: 16 } as const
