import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeterReading } from '../reading.ts'
import { readingAt } from '../testing/readings.ts'
import { fails } from './findings.ts'
import type { MeterSite } from './site.ts'
import { isTradable, newSlotMeter, stepSlotMeter, type SlotEnergy, type SlotMeter } from './slot-meter.ts'

const timing = { slotMs: 900_000, slotsPerDay: 96 }
const site: MeterSite = {
  kind: 'grid',
  meterId: null,
  connectionW: 17_250,
  panelPeakW: 5_000,
  hasBattery: true,
  place: null,
  nominalVolts: 230,
  nominalHertz: 50,
}
const firstMs = 1_000 * timing.slotMs

function run(readings: readonly MeterReading[]): { slots: SlotEnergy[]; meter: SlotMeter } {
  const slots: SlotEnergy[] = []
  let meter = newSlotMeter
  for (const reading of readings) {
    const step = stepSlotMeter(meter, reading, { site, timing })
    meter = step.meter
    slots.push(...step.finished)
  }
  return { slots, meter }
}

const minute = (minutes: number, importWh: number, o: Partial<MeterReading> = {}) =>
  readingAt(firstMs + minutes * 60_000, { importWh, ...o })

describe('slots', () => {
  it('are differences of registers at their borders, interpolated between the readings around them', () => {
    const { slots } = run([
      minute(0, 1_000),
      minute(6, 1_060),
      minute(12, 1_120),
      minute(18, 1_180),
      minute(24, 1_200),
      minute(30, 1_240),
    ])
    expect(slots).toEqual([
      {
        slot: 1_000,
        importWh: 150,
        exportWh: 0,
        raw: { importWh: 150, exportWh: 0 },
        quality: 'measured',
        findings: [],
      },
      { slot: 1_001, importWh: 90, exportWh: 0, raw: { importWh: 90, exportWh: 0 }, quality: 'measured', findings: [] },
    ])
  })

  it('whose beginning was missed are not traded', () => {
    const { slots } = run([
      minute(3, 1_000),
      minute(9, 1_050),
      minute(15, 1_100),
      minute(22, 1_150),
      minute(29, 1_200),
      minute(31, 1_210),
    ])
    expect(slots).toMatchObject([
      { slot: 1_000, quality: 'estimated', findings: ['gap'], raw: { importWh: null } },
      { slot: 1_001, quality: 'measured', findings: [], importWh: 105 },
    ])
  })

  it('in a gap share what the registers counted, to the watt-hour, and are not traded', () => {
    const { slots } = run([minute(0, 0), minute(7, 70), minute(52, 520), minute(60, 600)])
    expect(slots.map(({ slot, importWh, quality }) => [slot, importWh, quality])).toEqual([
      [1_000, 150, 'estimated'],
      [1_001, 150, 'estimated'],
      [1_002, 150, 'estimated'],
      [1_003, 150, 'estimated'],
    ])
  })

  it('keep what was told of a meter that was reset, and estimate', () => {
    const day = [
      minute(0, 50_000),
      minute(5, 50_100),
      minute(10, 50_200),
      minute(15, 50_300),
      minute(20, 7),
      minute(25, 10),
      minute(30, 20),
    ]
    const { slots } = run([...day, minute(35, 30), minute(40, 40), minute(45, 50)])
    expect(slots).toMatchObject([
      { importWh: 300, quality: 'measured' },
      { importWh: 300, quality: 'estimated', findings: ['counterReset'], raw: { importWh: null } },
      { importWh: 30, quality: 'measured', findings: [] },
    ])
  })

  it('in which a register was left out, once or throughout, are estimated and not traded as nothing', () => {
    const without = { importWh: null, exportWh: 4 }
    const { slots } = run([
      ...[0, 5, 10, 15].map((at) => minute(at, at * 10)),
      readingAt(firstMs + 20 * 60_000, without),
      ...[25, 30, 35, 40, 45].map((at) => minute(at, at * 10, { exportWh: 4 })),
      ...[46, 50, 55, 60, 65, 70, 75, 80].map((at) => readingAt(firstMs + at * 60_000, without)),
      ...[85, 90, 95, 100, 105].map((at) => minute(at, at * 10, { exportWh: 4 })),
    ])
    const estimated = { importWh: 150, quality: 'estimated', findings: ['registerMissing'], raw: { importWh: null } }
    expect(slots).toMatchObject([
      { importWh: 150, quality: 'measured' },
      estimated,
      { importWh: 150, quality: 'measured' },
      estimated,
      estimated,
      estimated,
      { importWh: 150, quality: 'measured' },
    ])
  })

  it('are measured by the other register again when one has not been told for a day', () => {
    const told = [0, 5, 10, 15].map((at) => minute(at, at * 10))
    const rest = Array.from({ length: 300 }, (_, index) => 20 + index * 5)
    const { slots } = run([
      ...told,
      ...rest.map((at) => readingAt(firstMs + at * 60_000, { importWh: null, exportWh: at })),
    ])
    expect(slots[50]).toMatchObject({ quality: 'estimated', findings: ['registerMissing'] })
    expect(slots.at(-1)).toMatchObject({ quality: 'measured', importWh: null, exportWh: 15 })
  })

  it('leave stale messages aside', () => {
    const { slots } = run([
      minute(0, 1_000),
      minute(7, 5, { flags: ['stale'] }),
      minute(7, 1_010),
      minute(14, 1_020),
      minute(15, 1_030),
    ])
    expect(slots).toMatchObject([{ importWh: 30, quality: 'measured', findings: ['stale'] }])
  })

  it('are not finished twice when the clock of the computer goes back a little', () => {
    const { slots } = run([
      minute(0, 0),
      minute(7, 10),
      minute(14, 20),
      minute(16, 30),
      minute(8, 35),
      minute(14, 38),
      minute(17, 40),
      minute(24, 50),
      minute(30, 60),
    ])
    expect(slots.map(({ slot, quality }) => [slot, quality])).toEqual([
      [1_000, 'measured'],
      [1_001, 'estimated'],
    ])
  })

  it('begin anew after a month of silence or when a clock was set by days', () => {
    expect(run([minute(0, 0), minute(40 * 1_440, 900)]).slots).toEqual([])
    expect(run([minute(0, 0), minute(-3 * 1_440, 900)]).slots).toEqual([])
  })

  it('go on where they were when the state was kept and taken up again', () => {
    const all = [0, 4, 8, 12, 16, 20, 24, 28, 32].map((at) => minute(at, at * 10))
    const kept = JSON.parse(JSON.stringify(run(all.slice(0, 5)).meter)) as SlotMeter
    let meter = kept
    const slots = all.slice(5).flatMap((reading) => {
      const step = stepSlotMeter(meter, reading, { site, timing })
      meter = step.meter
      return step.finished
    })
    expect([...run(all.slice(0, 5)).slots, ...slots]).toEqual(run(all).slots)
  })
})

/** A meter that behaves: a reading at least every seven minutes, never more than the connection carries. */
const honest = fc
  .array(fc.record({ seconds: fc.integer({ min: 1, max: 420 }), imported: fc.nat(100), exported: fc.nat(100) }), {
    minLength: 1,
    maxLength: 300,
  })
  .map((steps) => {
    let [atMs, importWh, exportWh] = [firstMs, 5_000, 7_000]
    return [readingAt(atMs, { importWh, exportWh })].concat(
      steps.map(({ seconds, imported, exported }) => {
        atMs += seconds * 1_000
        // At most 17 kW in, 5 kW out.
        importWh += Math.min(imported, Math.floor((seconds * 17_000) / 3_600))
        exportWh += Math.min(exported, Math.floor((seconds * 5_000) / 3_600))
        return readingAt(atMs, { importWh, exportWh })
      }),
    )
  })

/** Anything that may come over a line. */
const anything = fc.array(
  fc.record({
    seconds: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: -200_000, max: 4_000_000 })),
    importWh: fc.option(fc.nat(1_000_000)),
    exportWh: fc.option(fc.nat(1_000_000)),
    meterId: fc.option(fc.constantFrom('M1', 'M2')),
    powerW: fc.option(fc.integer({ min: -50_000, max: 50_000 })),
    wrapsAtWh: fc.option(fc.constant(1_000_000)),
    flags: fc.subarray(['stale', 'deviceFault'] as const),
    voltagesV: fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 3 }),
    clockMs: fc.option(fc.integer({ min: -4e6, max: 4e6 })),
  }),
  { maxLength: 60 },
)

describe('whatever a meter tells', () => {
  it('an honest one is measured in every slot but the first, and adds up to the watt-hour', () => {
    fc.assert(
      fc.property(honest, (readings) => {
        const { slots, meter } = run(readings)
        for (const energy of slots) expect(energy).toMatchObject({ quality: 'measured', findings: [] })
        for (const register of ['importWh', 'exportWh'] as const) {
          const sum = slots.reduce((total, slot) => total + slot[register]!, meter.sinceBorder![register]!)
          expect(sum).toBe(readings.at(-1)![register]! - readings[0]![register]!)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('slots follow one another, nothing below zero, and nothing that failed is traded', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        let atMs = firstMs
        const readings = steps.map(({ seconds, clockMs, ...rest }) => {
          atMs = Math.max(1, atMs + seconds * 1_000)
          return readingAt(atMs, {
            ...rest,
            deviceTime: clockMs === null ? null : new Date(Math.max(0, atMs + clockMs)).toISOString(),
          })
        })
        const { slots } = run(readings)
        for (const energy of slots) {
          expect((energy.importWh ?? 0) >= 0 && (energy.exportWh ?? 0) >= 0).toBe(true)
          expect(isTradable(energy)).toBe(!fails(energy.findings))
          if (isTradable(energy)) expect(energy.raw).toEqual({ importWh: energy.importWh, exportWh: energy.exportWh })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('a home is never credited more than its register rose', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 5_000 }), rise: fc.nat(3_000) }), { maxLength: 100 }),
        (steps) => {
          let [atMs, exportWh] = [firstMs, 0]
          const readings = steps.map(({ seconds, rise }) =>
            readingAt((atMs += seconds * 1_000), { exportWh: (exportWh += rise) }),
          )
          const traded = run(readings)
            .slots.filter(isTradable)
            .reduce((sum, slot) => sum + slot.exportWh!, 0)
          expect(traded).toBeLessThanOrEqual(exportWh)
        },
      ),
    )
  })
})
