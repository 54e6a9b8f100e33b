import { describe, expect, it } from 'vitest'
import { decodeMeter, type DecoderName } from '../decode.ts'
import { meterReadingSchema } from '../reading.ts'

function read(driver: DecoderName, message: unknown) {
  const decoded = decodeMeter(driver, Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), 0)
  if (decoded.kind === 'refused') return decoded.refusal.code
  return meterReadingSchema.parse(decoded.reading)
}

describe('Tasmota', () => {
  it('sums phases without the error of floats', () => {
    const energy = { Total: [1.001, 1.0009], ExportActive: [0.1, 0.2], Power: [-100.6, -0.6], Frequency: 50 }
    expect(read('tasmota', { ENERGY: energy })).toMatchObject({
      importWh: 2_001,
      exportWh: 300,
      powerW: -101,
      frequencyHz: 50,
      flags: [],
    })
  })

  it('reads lower-case keys of smart meter readers as Wh, Wh and W', () => {
    const message = { Time: '2026-01-01T00:00:00', MT175: { total: 1_234_567.8, neg_total: 98.9, current: -250 } }
    expect(read('tasmota', message)).toMatchObject({
      importWh: 1_234_567,
      exportWh: 98,
      powerW: -250,
      flags: ['localTime'],
    })
    expect(read('tasmota', { SML: { total: 10, power: 5 } })).toMatchObject({ importWh: 10, exportWh: null, powerW: 5 })
  })

  it('reads such keys without a block around them', () => {
    expect(read('tasmota', { total: 1_000, neg_total: 2.5, current: 7 })).toMatchObject({
      importWh: 1_000,
      exportWh: 2,
      powerW: 7,
    })
  })

  it('reads the documented keys of such readers as kWh', () => {
    const message = { MT681: { Total_in: 1_234.5678, Total_out: 0.001, Power_curr: 12, Meter_id: '0A014954' } }
    expect(read('tasmota', message)).toMatchObject({
      importWh: 1_234_567,
      exportWh: 1,
      powerW: 12,
      meterId: '0A014954',
    })
  })

  it('takes import where a meter tells it apart from the sum of both directions', () => {
    expect(read('tasmota', { ENERGY: { Total: 5, ImportActive: 3, ExportActive: 2 } })).toMatchObject({
      importWh: 3_000,
      exportWh: 2_000,
    })
  })

  it('knows answers to Status 8, times with a zone and seconds since 1970', () => {
    const ENERGY = { Total: 1 }
    expect(read('tasmota', { StatusSNS: { Time: '2026-09-18T11:19:21+02:00', ENERGY } })).toMatchObject({
      deviceTime: '2026-09-18T09:19:21.000Z',
      flags: [],
    })
    expect(read('tasmota', { Time: 1_000_000_000, ENERGY })).toMatchObject({ deviceTime: '2001-09-09T01:46:40.000Z' })
    expect(read('tasmota', { Time: '2026-13-45T99:99:99', ENERGY })).toMatchObject({ flags: ['clockNotSet'] })
  })

  it('takes a number that no double holds for none', () => {
    const message = '{"ENERGY":{"Total":1,"Power":1e999,"Voltage":[230,1e999],"Frequency":1e999}}'
    expect(read('tasmota', message)).toMatchObject({ powerW: null, voltagesV: [230], frequencyHz: null })
    expect(read('shelly', '{"aenergy":{"total":1},"freq":1e999}')).toMatchObject({ importWh: 1, frequencyHz: null })
  })

  it('says so when a register has counted below zero', () => {
    expect(read('tasmota', { ENERGY: { Total: -1, Power: 3 } })).toMatchObject({
      importWh: null,
      flags: ['deviceFault'],
    })
  })
})

describe('Shelly', () => {
  const phases = { a_total_act_energy: 1.9, b_total_act_energy: 1.9, c_total_act_energy: 0.3 }

  it('sums the phases where the total is missing', () => {
    expect(read('shelly', { id: 0, ...phases })).toMatchObject({ importWh: 4, exportWh: null })
    expect(read('shelly', { a_act_power: -1.5, b_act_power: 0.7, c_act_power: -0.4 })).toMatchObject({ powerW: -1 })
  })

  it('knows nothing of a sum with a hole in it', () => {
    expect(read('shelly', { a_total_act_energy: null, b_total_act_energy: 2, total_act_ret: 5 })).toMatchObject({
      importWh: null,
      exportWh: 5,
    })
  })

  it('puts the components of a device together, and tells which device it is', () => {
    const status = {
      'em:0': { id: 0, total_act_power: -42.5 },
      'emdata:0': { id: 0, total_act: 1_000.9, total_act_ret: 2_000 },
      sys: { mac: 'A0A3B3C4D5E6', unixtime: 1_790_000_000 },
    }
    expect(read('shelly', status)).toMatchObject({
      meterId: 'A0A3B3C4D5E6',
      deviceTime: new Date(1_790_000_000_000).toISOString(),
      importWh: 1_000,
      exportWh: 2_000,
      powerW: -42,
    })
  })

  it('opens the frames of answers and notifications', () => {
    expect(read('shelly', { id: 1, src: 'shellypro3em-a0', result: { total_act_power: 3 } })).toMatchObject({
      meterId: 'shellypro3em-a0',
      powerW: 3,
    })
    const params = {
      ts: 1_790_000_000.5,
      'switch:0': { apower: 4.2, aenergy: { total: 55.5 }, ret_aenergy: { total: 1 } },
    }
    expect(read('shelly', { src: 'shellyplug', method: 'NotifyStatus', params })).toMatchObject({
      deviceTime: new Date(1_790_000_000_500).toISOString(),
      importWh: 55,
      exportWh: 1,
      powerW: 4,
    })
  })

  it('knows the first generation: Wh of clamps, watt-minutes of plugs', () => {
    const emeter = { power: 10.5, voltage: 230, is_valid: true, total: 100.9, total_returned: 7 }
    const status = { mac: 'AABBCC', unixtime: 1_600_000_000, emeters: [emeter, { ...emeter, power: -20, total: 0.2 }] }
    expect(read('shelly', status)).toMatchObject({ importWh: 101, exportWh: 14, powerW: -9, meterId: 'AABBCC' })
    expect(read('shelly', emeter)).toMatchObject({ importWh: 100, powerW: 10 })
    expect(read('shelly', { power: 60, is_valid: true, timestamp: 1_600_000_000, total: 119 })).toMatchObject({
      importWh: 1,
      deviceTime: null,
      flags: ['localTime'],
    })
  })

  it('believes a device that says its figures are not valid', () => {
    expect(read('shelly', { emeters: [{ power: 1, is_valid: false, total: 1, total_returned: 0 }] })).toMatchObject({
      importWh: null,
      powerW: null,
      flags: ['deviceFault'],
    })
    expect(read('shelly', { power: 60, is_valid: false, timestamp: 1_600_000_000, total: 119 })).toMatchObject({
      importWh: null,
      flags: ['deviceFault', 'localTime'],
    })
  })
})

describe('Zigbee2MQTT', () => {
  it('reads kWh, watts and when the device was last heard', () => {
    const message = {
      energy: 12.345,
      produced_energy: 0.5,
      power: -80,
      voltage: 231,
      last_seen: '2026-01-02T03:04:05.678Z',
    }
    expect(read('zigbee2mqtt', message)).toMatchObject({
      importWh: 12_345,
      exportWh: 500,
      powerW: -80,
      deviceTime: '2026-01-02T03:04:05.678Z',
    })
  })

  it('sums phases where no total is told', () => {
    expect(read('zigbee2mqtt', { power_a: 1, power_b: 2, power_phase_c: 3 })).toMatchObject({ powerW: 6 })
  })
})

describe('what is no message', () => {
  it.each([
    ['', 'empty'],
    ['{', 'notJson'],
    ['[1]', 'notJson'],
    ['"text"', 'notJson'],
    ['null', 'notJson'],
    ['{}', 'noMeter'],
    ['{"temperature":21.5}', 'noMeter'],
    ['{"ENERGY":{"Total":"lots"}}', 'noMeter'],
    ['{"ENERGY":{"Total":[]}}', 'noMeter'],
    ['{"BME280":{"Temperature":21,"current":3}}', 'noMeter'],
    ['\xff\xfe', 'notJson'],
  ])('is refused: %j', (text, code) => {
    for (const driver of ['tasmota', 'shelly', 'zigbee2mqtt'] as const) expect(read(driver, text)).toBe(code)
  })
})
