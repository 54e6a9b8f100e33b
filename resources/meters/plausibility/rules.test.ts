import { describe, expect, it } from 'vitest'
import type { MeterReading } from '../reading.ts'
import { readingAt } from '../testing/readings.ts'
import { checkDay } from './check-day.ts'
import { duplicateMeters } from './duplicate-meters.ts'
import { energyBetween } from './energy-between.ts'
import { estimateSlot } from './estimate-slot.ts'
import { findingMeanings } from './findings.ts'
import { judgeReading } from './judge-reading.ts'
import { judgeSlot } from './judge-slot.ts'
import { meterSiteSchema, type MeterSite } from './site.ts'

/** A house in Berlin: 3 x 25 A, 5 kW on the roof. */
const house: MeterSite = meterSiteSchema.parse({
  kind: 'grid',
  meterId: 'M1',
  connectionW: 17_250,
  panelPeakW: 5_000,
  hasBattery: false,
  place: { latitudeDegrees: 52.52, longitudeDegrees: 13.4 },
  nominalVolts: 230,
  nominalHertz: 50,
})
const startMs = Date.UTC(2026, 5, 21, 11)
const quarterMs = 900_000
const noon = { startMs, endMs: startMs + quarterMs }
const midnight = { startMs: Date.UTC(2026, 5, 21, 23), endMs: Date.UTC(2026, 5, 21, 23, 15) }

describe('one reading', () => {
  const judge = (o: Partial<MeterReading>, previous: Partial<MeterReading> | null = {}) =>
    judgeReading(house, previous === null ? null : readingAt(startMs, previous), readingAt(startMs + 10_000, o))

  it('passes when nothing is odd', () => {
    expect(judge({ importWh: 5, powerW: 4_000, voltagesV: [230, 229, 0], frequencyHz: 50.02 })).toEqual([])
    expect(judge({}, null)).toEqual([])
  })

  it.each([
    ['another meter than was admitted', { meterId: 'M2' }, { meterId: 'M2' }, ['wrongMeter']],
    ['a meter that was swapped', { meterId: 'M1' }, { meterId: 'M2' }, ['meterSwapped']],
    ['a register that went back', { importWh: 90_000 }, { importWh: 100_000 }, ['counterFell']],
    ['a register that began again', { exportWh: 3 }, { exportWh: 100_000 }, ['counterReset']],
    ['a register that is left out', { importWh: null }, {}, ['registerMissing']],
    ['a register that was left out before', {}, { exportWh: null }, ['registerMissing']],
    ['nothing where a register is never told', { exportWh: null }, { exportWh: null }, []],
    ['more power than the fuse carries', { powerW: -30_000 }, {}, ['connectionLimit']],
    ['a voltage from nowhere', { voltagesV: [230, 150] }, {}, ['voltage']],
    ['a frequency from nowhere', { frequencyHz: 60 }, {}, ['frequency']],
    ['a device that gives up', { flags: ['deviceFault'] }, {}, ['deviceFault']],
  ] as const)('finds %s', (_, now, previous, found) => {
    expect(judge(now as Partial<MeterReading>, previous as Partial<MeterReading>)).toEqual(found)
  })

  it('tells a jump of the clock from summer time and from a clock that is merely wrong', () => {
    const clock = (offsetMs: number, afterMs: number) => new Date(startMs + offsetMs + afterMs).toISOString()
    const jump = (beforeMs: number, nowMs: number) =>
      judge({ deviceTime: clock(nowMs, 10_000) }, { deviceTime: clock(beforeMs, 0) })
    expect(jump(0, 0)).toEqual([])
    expect(jump(7_200_000, 7_200_000)).toEqual([])
    expect(jump(0, 3_600_000)).toEqual(['daylightSaving'])
    expect(jump(3_600_000, 0)).toEqual(['daylightSaving'])
    expect(jump(0, 600_000)).toEqual(['clockJump'])
  })

  it('notices that this computer’s own clock went back', () => {
    expect(judgeReading(house, readingAt(startMs), readingAt(startMs - 1))).toEqual(['clockBack'])
  })
})

describe('the energy between two readings', () => {
  const between = (before: number | null, after: number | null, wrapsAtWh: number | null = null) =>
    energyBetween(readingAt(0, { importWh: before }), readingAt(1, { importWh: after, wrapsAtWh }), 'importWh')

  it('is the difference of the register, across the end of one that wraps', () => {
    expect(between(10, 25)).toEqual({ wattHours: 15 })
    expect(between(2 ** 32 - 10, 5, 2 ** 32)).toEqual({ wattHours: 15 })
    expect(between(null, 5)).toBeNull()
  })

  it('is not made up where the register was reset', () => {
    expect(between(2 ** 32 - 10, 5)).toEqual({ problem: 'counterReset' })
    expect(between(1_000_000, 5, 2 ** 32)).toEqual({ problem: 'counterReset' })
    expect(between(1_000_000, 999_999)).toEqual({ problem: 'counterFell' })
  })
})

describe('one slot', () => {
  const judge = (figures: Partial<{ importWh: number; exportWh: number }>, o: Partial<MeterSite> = {}, span = noon) =>
    judgeSlot({ ...house, ...o }, span, { importWh: 0, exportWh: 0, ...figures }, [])

  it('passes up to what fuse and panels carry', () => {
    expect(judge({ importWh: 4_312 })).toEqual([])
    expect(judge({ exportWh: 1_250 })).toEqual([])
  })

  it.each([
    ['more than the fuse carries', { importWh: 5_000 }, {}, noon, ['connectionLimit']],
    ['more than the panels give', { exportWh: 2_000 }, {}, noon, ['panelLimit']],
    ['export without panels', { exportWh: 20 }, { panelPeakW: 0 }, noon, ['panelLimit']],
    ['sun at night', { exportWh: 300 }, {}, midnight, ['night']],
    ['sun at night from an inverter', { exportWh: 300 }, { kind: 'generation' }, midnight, ['night']],
  ] as const)('finds %s', (_, figures, site, span, found) => {
    expect(judge(figures, site, span)).toEqual(found)
  })

  it('allows a battery to give at night, and more than the panels through the grid’s meter', () => {
    expect(judge({ exportWh: 1_800 }, { hasBattery: true }, midnight)).toEqual([])
  })

  it('asks nothing about night where nobody said where the house stands', () => {
    expect(judge({ exportWh: 300 }, { place: null }, midnight)).toEqual([])
  })

  it('finds what is several times more than ever in a week, but not in a house that is new here', () => {
    const usual = Array.from({ length: 96 }, () => ({ importWh: 500, exportWh: 0 }))
    const slot = { importWh: 4_000, exportWh: 0 }
    expect(judgeSlot(house, noon, slot, usual)).toEqual(['spike'])
    expect(judgeSlot(house, noon, slot, usual.slice(1))).toEqual([])
    expect(
      judgeSlot(
        house,
        noon,
        { importWh: 1_050, exportWh: 0 },
        usual.map(() => ({ importWh: 1, exportWh: 0 })),
      ),
    ).toEqual([])
  })
})

describe('an estimate', () => {
  const past = [2, 98, 99, 194].map((slot) => ({ slot, importWh: slot, exportWh: null }))

  it('is the mean of the same slot on days before, rounded down', () => {
    expect(estimateSlot(290, 96, past)).toEqual({ importWh: Math.floor((2 + 98 + 194) / 3), exportWh: 0 })
  })

  it('is the slot before where there is no like day, and nothing where there is none at all', () => {
    expect(estimateSlot(100, 96, past)).toEqual({ importWh: 99, exportWh: 0 })
    expect(estimateSlot(1, 96, past)).toEqual({ importWh: 0, exportWh: 0 })
  })
})

describe('the sum check', () => {
  const slot = (importWh: number) => {
    const figures = { importWh, exportWh: 0 }
    return { slot: 1, ...figures, raw: figures, quality: 'measured' as const, findings: [] }
  }

  it('finds slots that do not add up to the registers', () => {
    const [before, after] = [readingAt(0, { importWh: 1_000 }), readingAt(1, { importWh: 1_100 })]
    expect(checkDay([slot(40), slot(60)], before, after)).toEqual({ findings: [], differsByWh: 0 })
    expect(checkDay([slot(40), slot(70)], before, after)).toEqual({ findings: ['sumDiffers'], differsByWh: 10 })
    expect(checkDay([slot(40)], before, after)).toEqual({ findings: ['sumDiffers'], differsByWh: -60 })
  })
})

describe('two homes that claim one meter', () => {
  it('are both found; a home with two drivers on one meter is not', () => {
    const claims = [
      { meterId: 'A', connection: 'one' },
      { meterId: 'A', connection: 'two' },
      { meterId: 'B', connection: 'one' },
      { meterId: 'B', connection: 'one' },
      { meterId: null, connection: 'one' },
      { meterId: null, connection: 'two' },
    ]
    expect([...duplicateMeters(claims)]).toEqual(['A'])
  })
})

describe('every finding', () => {
  it('has a sentence that a person can read', () => {
    for (const { sentence } of Object.values(findingMeanings)) expect(sentence).toMatch(/^[A-Z].{20,}\.$/)
  })
})
