import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeMeter, meterReadingSchema, type DecoderName, type MeterReading } from './index.ts'
import { recorded } from './testing/recorded.ts'

/** What real devices sent, with the figures worked out by hand from the text. */
const receivedMs = Date.UTC(2026, 10, 25, 12)
type Expected = Partial<MeterReading>
const cases: readonly (readonly [string, DecoderName, Expected])[] = [
  [
    'p1/v2_2.telegram',
    'p1',
    // 1.001 + 1.001 kWh each way, 1.01 kW; the gas meter tells a time without a zone
    { deviceTime: null, importWh: 2_002, exportWh: 2_002, powerW: 1_010 },
  ],
  [
    'p1/v4_2.telegram',
    'p1',
    // 1581.123 + 1435.706 kWh; 20:57:57 winter time
    { deviceTime: '2016-11-13T19:57:57.000Z', importWh: 3_016_829, exportWh: 0, powerW: 2_027 },
  ],
  [
    'p1/v5.telegram',
    'p1',
    // 4.426 + 2.399 and 2.444 + 0 kWh; 19:20:02 winter time
    {
      meterId: '4B384547303034303436333935353037',
      deviceTime: '2017-01-02T18:20:02.000Z',
      importWh: 6_825,
      exportWh: 2_444,
      powerW: 244,
      voltagesV: [230, 230, 229],
    },
  ],
  [
    'p1/fluvius_v171.telegram',
    'p1',
    // 0.034 + 15.758 and 0 + 0.011 kWh; 13:54:09 summer time
    {
      meterId: '3153414733313031303231363035',
      deviceTime: '2020-05-12T11:54:09.000Z',
      importWh: 15_792,
      exportWh: 11,
      powerW: 0,
    },
  ],
  [
    'p1/iskra_ie.telegram',
    'p1',
    // 10.181 + 10.182 and 10.281 + 10.282 kWh; 0.170 - 0.270 kW; Irish summer time is one hour ahead of Greenwich
    {
      meterId: '09610',
      deviceTime: '2023-02-02T12:27:47.000Z',
      importWh: 20_363,
      exportWh: 20_563,
      powerW: -100,
    },
  ],
  [
    'p1/unpadded_crc.telegram',
    'p1',
    // a heat meter: no electricity at all, and a checksum without its leading zero
    { deviceTime: '2026-02-15T19:05:23.000Z', importWh: null, exportWh: null, powerW: null },
  ],
  [
    'meters/tasmota_dual_sensor.json',
    'tasmota',
    // 2.813 + 0.254 kWh, 52 + 5 W, a time without a zone
    { deviceTime: null, flags: ['localTime'], importWh: 3_067, exportWh: null, powerW: 57 },
  ],
  [
    'meters/shelly_pro3em_em_getstatus.json',
    'shelly',
    { importWh: null, exportWh: null, powerW: 356, frequencyHz: 50 },
  ],
  ['meters/shelly_pro3em_emdata_getstatus.json', 'shelly', { importWh: 119_878, exportWh: 1_607, powerW: null }],
]

const folder = process.env['HEARTH_FIXTURES']

describe('what real devices sent', () => {
  it.each(cases)('reads %s', (name, driver, expected) => {
    const bytes = Buffer.from(recorded[name]!, 'latin1')
    const decoded = decodeMeter(driver, bytes, receivedMs)
    expect(decoded).toMatchObject({ kind: 'reading', reading: { flags: [], ...expected } })
    if (decoded.kind === 'reading') expect(meterReadingSchema.parse(decoded.reading)).toEqual(decoded.reading)
  })

  it('passes gas, water and heat meters on, digits unchanged', () => {
    const subMeters = (name: string) => {
      const decoded = decodeMeter('p1', Buffer.from(recorded[name]!, 'latin1'), receivedMs)
      return decoded.kind === 'reading' ? decoded.reading.subMeters : []
    }
    expect(subMeters('p1/fluvius_v171.telegram')).toMatchObject([
      { channel: 1, deviceType: 3, value: '112.384', unit: 'm3', time: '2020-05-12T11:45:58.000Z' },
      { channel: 2, deviceType: 7, value: '872.234', unit: 'm3' },
    ])
    expect(subMeters('p1/unpadded_crc.telegram')).toMatchObject([{ deviceType: 4, value: '240.860', unit: 'GJ' }])
    expect(subMeters('p1/v2_2.telegram')).toMatchObject([{ channel: 1, value: '1.001', unit: 'm3', time: null }])
  })

  it.skipIf(folder === undefined)('keeps copies that are those of HEARTH_FIXTURES', () => {
    for (const name of Object.keys(recorded)) {
      expect(readFileSync(join(folder!, name), 'latin1'), name).toBe(recorded[name])
    }
  })
})
