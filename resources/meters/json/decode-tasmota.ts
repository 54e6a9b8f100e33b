import { refuse, type Decoded } from '../refusal.ts'
import { buildReading, type Figures } from './build-reading.ts'
import { numberOf, numbersOf, objectOf, parseObject, readTime, sumOf, textOf, type JsonObject } from './read-json.ts'

const kiloWattHours = 3
const whole = 0

/**
 * Keys by which scripts of Tasmota's smart meter interface name the registers, with the decimals that turn them into Wh. Lower-case
 * `total` and `neg_total` count Wh; those of the project's own documentation (`Total_in`, `E_in` ...) count kWh.
 */
const importKeys: readonly (readonly [string, number])[] = [
  ['total', whole],
  ['Total_in', kiloWattHours],
  ['total_in', kiloWattHours],
  ['E_in', kiloWattHours],
  ['total_kwh', kiloWattHours],
]
const exportKeys: readonly (readonly [string, number])[] = [
  ['neg_total', whole],
  ['Total_out', kiloWattHours],
  ['total_out', kiloWattHours],
  ['E_out', kiloWattHours],
  ['export_total_kwh', kiloWattHours],
]
const powerKeys = ['current', 'power', 'Power', 'Power_curr', 'Power_cur', 'curr_w'] as const
const identityKeys = ['meter_id', 'Meter_id', 'meter_number', 'Meter_number', 'server_id', 'Server_id'] as const

/**
 * Decodes a SENSOR message of Tasmota, or its answer to `Status 8` and `Status 10`: the block ENERGY of power measuring plugs (kWh,
 * with an array where there are several phases or channels) or the block of a smart meter reader.
 */
export function decodeTasmota(bytes: Uint8Array, receivedMs: number): Decoded {
  const message = parseObject(bytes)
  if (message === null) return refuse(bytes.length === 0 ? 'empty' : 'notJson')
  const sensor = objectOf(message['StatusSNS']) ?? message
  // Local time without a zone, unless it is set to tell seconds since 1970 (command `Time`).
  const time = readTime(sensor['Time'], sensor['Epoch'])
  const energy = objectOf(sensor['ENERGY'])
  const figures = energy !== null ? energyFigures(energy) : readerFigures(sensor)
  return figures === null ? refuse('noMeter') : buildReading('tasmota', receivedMs, { ...figures, ...time })
}

function energyFigures(energy: JsonObject): Figures {
  const [total, tariffs] = [energy['Total'], energy['TotalTariff']]
  const [out, outTariffs] = [energy['ExportActive'], energy['ExportTariff']]
  return {
    // Meters on Modbus tell import apart; their Total is import and export together.
    importWh: sumOf(energy['ImportActive'] ?? total ?? tariffs, kiloWattHours),
    exportWh: sumOf(out ?? outTariffs, kiloWattHours),
    powerW: sumOf(energy['Power'], whole),
    voltagesV: numbersOf(energy['Voltage']),
    frequencyHz: numbersOf(energy['Frequency'])[0] ?? null,
  }
}

/** The first block that has a key of a smart meter reader; its name is the script's choice, and some have none. */
function readerFigures(sensor: JsonObject): Figures | null {
  for (const value of [...Object.values(sensor), sensor]) {
    const block = objectOf(value)
    if (block === null) continue
    const importWh = firstSum(block, importKeys)
    const exportWh = firstSum(block, exportKeys)
    const powerKey = powerKeys.find((key) => numberOf(block[key]) !== null)
    // "current" and "power" alone are also keys of sensors that measure no energy.
    if (importWh === null && exportWh === null) continue
    const identity = identityKeys.map((key) => textOf(block[key])).find((text) => text !== null)
    return {
      importWh,
      exportWh,
      powerW: powerKey === undefined ? null : sumOf(block[powerKey], whole),
      meterId: identity ?? null,
    }
  }
  return null
}

function firstSum(block: JsonObject, keys: readonly (readonly [string, number])[]): number | null {
  for (const [key, decimals] of keys) {
    const sum = sumOf(block[key], decimals)
    if (sum !== null) return sum
  }
  return null
}
