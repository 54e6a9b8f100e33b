import { decoders, isDecoderName } from '../decode.ts'
import { createMeter, type Backoff } from './create-meter.ts'
import { MeterError, type MeterConnection, type MeterDriver } from './meter-driver.ts'
import type { SerialFormat } from './serial-port.ts'

/** Drivers of live meters: the decoders, and SunSpec. */
export const driverNames = [...Object.keys(decoders), 'sunspec'] as const

/**
 * Opens the way to a meter; nothing is touched before somebody listens. `target` says where it is:
 * - `/dev/ttyUSB0`, `COM3`: a serial port, with `?baud=9600&frame=7E1` where the usual ones do not fit
 * - `tcp://HOST:PORT`: a serial server (p1) or Modbus (sunspec, 502)
 * - `mqtt://[NAME:PASSWORD@]HOST[:PORT]/TOPIC` (also `mqtts:`): tasmota, shelly, zigbee2mqtt
 * - `http://HOST`: shelly, tasmota
 *
 * For sunspec `?unit=N` (1) and `?model=N` choose. Throws a MeterError `wrongTarget` for what fits no driver.
 */
export async function openMeter(o: {
  readonly driver: string
  readonly target: string
  readonly intervalMs?: number
  readonly backoff?: Backoff
}): Promise<MeterDriver> {
  return createMeter(await connectionTo(o), o.backoff)
}

/** A target as it may be shown: without a broker's name and password. */
export function shownTarget(target: string): string {
  return target.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
}

type Wanted = { readonly driver: string; readonly target: string; readonly intervalMs?: number }

// Each way loads its own library: `hearth` starts without serial ports and brokers.
async function connectionTo(wanted: Wanted): Promise<MeterConnection> {
  const { driver, target } = wanted
  const [path = '', query = ''] = target.split('?', 2)
  const isUrl = /^[a-z0-9]+:\/\//i.test(target)
  const url = isUrl ? parseUrl(target) : null
  if (driver === 'sunspec') return sunSpec(wanted, url, path, new URLSearchParams(query))
  if (!isDecoderName(driver)) throw wrong(`There is no driver "${driver}". There are: ${driverNames.join(', ')}.`)
  if (driver === 'p1') return p1(url, path, new URLSearchParams(query))
  const interval = wanted.intervalMs === undefined ? {} : { intervalMs: wanted.intervalMs }
  switch (url?.protocol) {
    case 'mqtt:':
    case 'mqtts:': {
      // Taken as it was written: # and % mean other things in an address than in a topic.
      const topic = /^[^/]+\/\/[^/]+\/(.*)$/s.exec(target)?.[1] ?? ''
      const { mqttMeter } = await import('./mqtt-meter.ts')
      return mqttMeter(url, { topic: checkTopic(topic), decoder: driver })
    }
    case 'http:':
    case 'https:': {
      const { shellyHttp, tasmotaHttp } = await import('./http-meter.ts')
      if (driver === 'shelly') return shellyHttp(url, interval)
      if (driver === 'tasmota') return tasmotaHttp(url, interval)
      throw wrong('Zigbee2MQTT is read from its broker: mqtt://HOST/TOPIC.')
    }
    default:
      throw wrong(`The driver ${driver} takes a target that begins with mqtt:// or http://.`)
  }
}

async function p1(url: URL | null, path: string, query: URLSearchParams): Promise<MeterConnection> {
  if (url === null) {
    const { p1Serial } = await import('./p1-serial.ts')
    return p1Serial(checkPath(path), { format: serialFormat(query, null) ?? undefined })
  }
  if (url.protocol !== 'tcp:' || url.port === '') throw wrong('The driver p1 takes a serial port or tcp://HOST:PORT.')
  const { p1Tcp } = await import('./p1-tcp.ts')
  return p1Tcp(hostOf(url), Number(url.port))
}

async function sunSpec(
  { intervalMs }: Wanted,
  url: URL | null,
  path: string,
  query: URLSearchParams,
): Promise<MeterConnection> {
  const unit = wholeNumber(query, 'unit', { least: 0, most: 255 }) ?? 1
  const model = wholeNumber(query, 'model', { least: 1, most: 65_534 })
  const options = { unit, model, ...(intervalMs === undefined ? {} : { intervalMs }) }
  if (url !== null && url.protocol !== 'tcp:') throw wrong('The driver sunspec takes a serial port or tcp://HOST:PORT.')
  const { sunSpecMeter } = await import('../sunspec/modbus-connection.ts')
  if (url !== null) {
    const port = url.port === '' ? 502 : Number(url.port)
    return sunSpecMeter({ kind: 'tcp', host: hostOf(url), port }, options)
  }
  const format = serialFormat(query, { baudRate: 9_600, frame: '8N1' })!
  return sunSpecMeter({ kind: 'serial', path: checkPath(path), format }, options)
}

function serialFormat(query: URLSearchParams, usual: SerialFormat | null): SerialFormat | null {
  const baudRate = wholeNumber(query, 'baud', { least: 300, most: 921_600 })
  const frame = query.get('frame')
  if (frame !== null && frame !== '8N1' && frame !== '7E1' && frame !== '8E1')
    throw wrong('frame is one of 8N1, 7E1 and 8E1.')
  if (baudRate === null && frame === null) return usual
  return { baudRate: baudRate ?? usual?.baudRate ?? 115_200, frame: frame ?? usual?.frame ?? '8N1' }
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least, most }: { least: number; most: number },
): number | null {
  const text = query.get(name)
  if (text === null) return null
  const value = Number(text)
  if (!/^\d{1,6}$/.test(text) || value < least || value > most)
    throw wrong(`${name} is a number from ${least} to ${most}.`)
  return value
}

/** A topic of one meter: a wildcard in the middle would mix several homes' registers. */
function checkTopic(topic: string): string {
  if (topic === '') throw wrong('Say the topic behind the broker: mqtt://HOST/TOPIC.')
  const inner = topic.replace(/(^|\/)\+$/, '')
  if (/[+#\0]/.test(inner)) throw wrong(`The topic ${topic} may have a wildcard only as a + at its end.`)
  return topic
}

function checkPath(path: string): string {
  if (path === '' || path.includes('\0')) throw wrong('Say the serial port, for example /dev/ttyUSB0.')
  return path
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function parseUrl(target: string): URL {
  try {
    return new URL(target)
  } catch {
    throw wrong(`${target} is no address.`)
  }
}

function wrong(message: string): MeterError {
  return new MeterError('wrongTarget', message)
}
