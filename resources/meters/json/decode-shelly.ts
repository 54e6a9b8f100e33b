import type { ReadingFlag } from '../reading.ts'
import { refuse, type Decoded } from '../refusal.ts'
import { buildReading, type Figures } from './build-reading.ts'
import { instantOf, numberOf, numbersOf, objectOf, parseObject, sumOf, textOf, type JsonObject } from './read-json.ts'
import { shellyGen1Figures } from './shelly-gen1.ts'

const whole = 0

/**
 * Decodes what a Shelly answers or announces: of the second and later generations EM, EMData, EM1, EM1Data, PM1 and Switch.GetStatus,
 * Shelly.GetStatus with all of them, and the frames of RPC answers and notifications around these; of the first generation `/status`,
 * `/emeter/N` and `/meter/N`. Energy is in Wh but for `/meter/N`, which counts watt-minutes.
 */
export function decodeShelly(bytes: Uint8Array, receivedMs: number): Decoded {
  const message = parseObject(bytes)
  if (message === null) return refuse(bytes.length === 0 ? 'empty' : 'notJson')
  const body = objectOf(message['result']) ?? objectOf(message['params']) ?? message
  const figures = shellyGen1Figures(body) ?? componentFigures(body) ?? statusFigures(body)
  if (figures === null) return refuse('noMeter')
  const meterId = figures.meterId ?? textOf(message['src'])
  const deviceTime = figures.deviceTime ?? instantOf(body['ts'])
  return buildReading('shelly', receivedMs, { ...figures, meterId, deviceTime })
}

/** The status of one component. */
function componentFigures(body: JsonObject): Figures | null {
  if ('a_act_power' in body || 'total_act_power' in body) return threePhasePower(body)
  if ('a_total_act_energy' in body || 'total_act' in body) return threePhaseEnergy(body)
  if ('total_act_energy' in body || 'total_act_ret_energy' in body) return onePhaseEnergy(body)
  if ('act_power' in body) return { powerW: sumOf(body['act_power'], whole), ...voltageOf(body), flags: faultsOf(body) }
  return 'apower' in body || 'aenergy' in body ? switchFigures(body) : null
}

function threePhasePower(body: JsonObject): Figures {
  return {
    powerW: totalOrPhases(body, 'total_act_power', 'act_power'),
    voltagesV: ['a_voltage', 'b_voltage', 'c_voltage'].flatMap((key) => numbersOf(body[key])),
    frequencyHz: numberOf(body['a_freq']),
    flags: faultsOf(body),
  }
}

function threePhaseEnergy(body: JsonObject): Figures {
  return {
    importWh: totalOrPhases(body, 'total_act', 'total_act_energy'),
    exportWh: totalOrPhases(body, 'total_act_ret', 'total_act_ret_energy'),
    flags: faultsOf(body),
  }
}

function onePhaseEnergy(body: JsonObject): Figures {
  return {
    importWh: sumOf(body['total_act_energy'], whole),
    exportWh: sumOf(body['total_act_ret_energy'], whole),
    flags: faultsOf(body),
  }
}

function switchFigures(body: JsonObject): Figures {
  return {
    powerW: sumOf(body['apower'], whole),
    importWh: sumOf(objectOf(body['aenergy'])?.['total'], whole),
    exportWh: sumOf(objectOf(body['ret_aenergy'])?.['total'], whole),
    ...voltageOf(body),
    flags: faultsOf(body),
  }
}

function voltageOf(body: JsonObject): Pick<Figures, 'voltagesV' | 'frequencyHz'> {
  return { voltagesV: numbersOf(body['voltage']), frequencyHz: numberOf(body['freq']) }
}

function totalOrPhases(body: JsonObject, total: string, phase: string): number | null {
  const told = body[total]
  if (typeof told === 'number') return sumOf(told, whole)
  const phases = ['a', 'b', 'c'].map((name) => body[`${name}_${phase}`]).filter((value) => value !== undefined)
  return sumOf(phases, whole)
}

/** Shelly lists what is wrong with a component under `errors`; without a figure beside it that explains the gap. */
function faultsOf(body: JsonObject): readonly ReadingFlag[] {
  const errors = body['errors']
  const serious =
    Array.isArray(errors) && errors.some((error) => error === 'power_meter_failure' || error === 'ct_type_not_set')
  return serious ? ['deviceFault'] : []
}

/** Components of a whole device, by key (`em:0`, `emdata:0`, `pm1:0` ...). The three-phase meter goes before single plugs. */
function statusFigures(body: JsonObject): Figures | null {
  const parts = [['em:0', 'emdata:0'], ['em1:0', 'em1data:0'], ['pm1:0'], ['switch:0']] as const
  const system = objectOf(body['sys'])
  for (const keys of parts) {
    const found = keys.map((key) => objectOf(body[key])).filter((part) => part !== null)
    const figures = found.map(componentFigures).filter((one) => one !== null)
    if (figures.length === 0) continue
    const flags = [...new Set(figures.flatMap((one) => one.flags ?? []))]
    const time = instantOf(system?.['unixtime'])
    return { ...figures[0], ...figures[1], flags, meterId: textOf(system?.['mac']), deviceTime: time }
  }
  return null
}
