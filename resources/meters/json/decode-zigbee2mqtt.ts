import { refuse, type Decoded } from '../refusal.ts'
import { buildReading } from './build-reading.ts'
import { numbersOf, parseObject, readTime, sumOf, type JsonObject } from './read-json.ts'

const kiloWattHours = 3
const phases = ['a', 'b', 'c'] as const

/**
 * Decodes a device message of Zigbee2MQTT: `energy` and `produced_energy` in kWh, `power` in W, each also per phase (`power_phase_b`,
 * `power_a`), and `last_seen`, which is ISO 8601 or milliseconds.
 */
export function decodeZigbee2mqtt(bytes: Uint8Array, receivedMs: number): Decoded {
  const message = parseObject(bytes)
  if (message === null) return refuse(bytes.length === 0 ? 'empty' : 'notJson')
  return buildReading('zigbee2mqtt', receivedMs, {
    importWh: totalOrPhases(message, 'energy', kiloWattHours),
    exportWh: totalOrPhases(message, 'produced_energy', kiloWattHours),
    powerW: totalOrPhases(message, 'power', 0),
    voltagesV: numbersOf(message['voltage']),
    frequencyHz: numbersOf(message['ac_frequency'])[0] ?? null,
    ...readTime(message['last_seen']),
  })
}

function totalOrPhases(message: JsonObject, key: string, decimals: number): number | null {
  const total = message[key]
  if (total !== undefined && total !== null) return sumOf(total, decimals)
  const told = phases.map((phase) => message[`${key}_phase_${phase}`] ?? message[`${key}_${phase}`])
  return sumOf(
    told.filter((value) => value !== undefined && value !== null),
    decimals,
  )
}
