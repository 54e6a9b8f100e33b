import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { decodeMeter, type DecoderName } from '../decode.ts'
import { MeterError, type Listening, type MeterConnection } from './meter-driver.ts'
import { socketError } from './p1-tcp.ts'

const connectMs = 10_000
/** Tasmota tells every five minutes unless it is set otherwise. */
const usualSilenceMs = 330_000

/**
 * Messages of one meter from an MQTT broker. A message that the broker had kept from before is passed on with the flag `stale`: it may
 * be from yesterday, and its register must not be taken for the present one.
 */
export function mqttMeter(
  broker: URL,
  o: { readonly topic: string; readonly decoder: DecoderName; readonly silenceMs?: number },
): MeterConnection {
  return async (listening, signal) => {
    // Reconnecting is the driver's affair, which knows how long to wait and tells who listens.
    const client = connect({ ...placeOf(broker), reconnectPeriod: 0, connectTimeout: connectMs, clean: true })
    try {
      await listen(client, listening, { ...o, signal, name: broker.host })
    } finally {
      await new Promise<void>((resolve) => client.end(true, {}, () => resolve()))
    }
  }
}

function placeOf({ protocol, hostname, port, username, password }: URL): IClientOptions {
  const encrypted = protocol === 'mqtts:'
  return {
    protocol: encrypted ? 'mqtts' : 'mqtt',
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (encrypted ? 8_883 : 1_883) : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
  }
}

function listen(
  client: MqttClient,
  listening: Listening,
  o: { topic: string; decoder: DecoderName; silenceMs?: number; signal: AbortSignal; name: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const silenceMs = o.silenceMs ?? usualSilenceMs
    const silent = () => reject(new MeterError('silent', `Nobody tells anything under ${o.topic} at ${o.name}.`))
    let timer = setTimeout(silent, silenceMs)
    const done = () => resolve()
    o.signal.addEventListener('abort', done, { once: true })
    if (o.signal.aborted) done()
    client.once('connect', () => {
      client.subscribe(o.topic, { qos: 0 }, (error, granted) => {
        const denied = error ?? (granted?.some(({ qos }) => qos > 2) === true ? new Error('denied') : null)
        if (denied !== null) reject(new MeterError('denied', `The broker ${o.name} does not give ${o.topic}.`, denied))
      })
    })
    client.on('message', (_topic, payload, { retain }) => {
      timer = (clearTimeout(timer), setTimeout(silent, silenceMs))
      take(listening, o, { payload, retain })
    })
    // Any later one too: without a listener it would end the process.
    client.on('error', (error) => reject(brokerError(o.name, error)))
    client.once('close', () => {
      clearTimeout(timer)
      o.signal.removeEventListener('abort', done)
      reject(new MeterError('closed', `The broker ${o.name} ended the connection.`))
    })
  })
}

function take(
  listening: Listening,
  { topic, decoder }: { topic: string; decoder: DecoderName },
  { payload, retain }: { payload: Uint8Array; retain: boolean },
): void {
  const decoded = decodeMeter(decoder, payload, Date.now())
  if (decoded.kind === 'reading') {
    const { reading } = decoded
    return listening.reading(retain ? { ...reading, flags: [...reading.flags, 'stale'] } : reading)
  }
  // Under a wildcard a device also tells of its network and its clock.
  if (decoded.refusal.code === 'noMeter' && topic.endsWith('+')) return
  listening.trouble({ code: 'unreadable', message: decoded.refusal.message })
}

function brokerError(name: string, error: Error & { code?: unknown }): MeterError {
  const notAuthorized = error.code === 4 || error.code === 5 || error.code === 134 || error.code === 135
  if (notAuthorized) return new MeterError('password', `The broker ${name} asks for a name and password.`, error)
  return socketError(name, error)
}
