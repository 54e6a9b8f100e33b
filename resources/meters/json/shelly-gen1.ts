import type { ReadingFlag } from '../reading.ts'
import type { Figures } from './build-reading.ts'
import { instantOf, numbersOf, objectOf, sumOf, textOf, type JsonObject } from './read-json.ts'

const whole = 0
const tenThousandths = 4
const minutesPerHour = 60

/** Figures of a device of the first generation: `/status`, `/emeter/N` or `/meter/N`. Null for anything else. */
export function shellyGen1Figures(body: JsonObject): Figures | null {
  if (Array.isArray(body['emeters'])) return wholeDevice(body, energyMeters(body['emeters']))
  if (Array.isArray(body['meters'])) return wholeDevice(body, plugMeters(body['meters']))
  if (!('is_valid' in body) || !('power' in body)) return null
  if ('total_returned' in body) return energyMeters([body])
  const figures = plugMeters([body])
  return { ...figures, flags: [...(figures.flags ?? []), ...clockFlags(body)] }
}

function wholeDevice(body: JsonObject, figures: Figures): Figures {
  return { ...figures, meterId: textOf(body['mac']), deviceTime: instantOf(body['unixtime']) }
}

/** Clamps: one for each phase, energy in Wh. */
function energyMeters(list: readonly unknown[]): Figures {
  const meters = list.map(objectOf)
  if (!meters.every(isValid)) return fault
  return {
    importWh: sumOf(
      meters.map((meter) => meter?.['total']),
      whole,
    ),
    exportWh: sumOf(
      meters.map((meter) => meter?.['total_returned']),
      whole,
    ),
    powerW: sumOf(
      meters.map((meter) => meter?.['power']),
      whole,
    ),
    voltagesV: meters.flatMap((meter) => numbersOf(meter?.['voltage'])),
    flags: [],
  }
}

/** Plugs and relays count watt-minutes. */
function plugMeters(list: readonly unknown[]): Figures {
  const meters = list.map(objectOf)
  if (!meters.every(isValid)) return fault
  const wattMinutes = sumOf(
    meters.map((meter) => meter?.['total']),
    tenThousandths,
  )
  return {
    importWh: wattMinutes === null ? null : Math.floor(wattMinutes / 10 ** tenThousandths / minutesPerHour),
    powerW: sumOf(
      meters.map((meter) => meter?.['power']),
      whole,
    ),
    flags: [],
  }
}

/** `/meter/N` tells seconds since 1970 of its local clock. */
function clockFlags(body: JsonObject): readonly ReadingFlag[] {
  return 'timestamp' in body ? ['localTime'] : []
}

const fault: Figures = { flags: ['deviceFault'] }

function isValid(meter: JsonObject | null): boolean {
  return meter !== null && meter['is_valid'] !== false
}
