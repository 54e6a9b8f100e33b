import modbus from 'modbus-serial'
import { MeterError, type MeterConnection } from '../live/meter-driver.ts'
import { poll } from '../live/poll.ts'
import { socketError } from '../live/p1-tcp.ts'
import { watchDevice, type SerialFormat } from '../live/serial-port.ts'
import { planReading, readPlan } from './read-sunspec.ts'
import { walkModels, type ReadRegisters } from './walk-models.ts'

const answerMs = 3_000
const connectMs = 5_000
const usualIntervalMs = 10_000

/** Where a Modbus device is: behind a serial port (RTU) or on the network (TCP). */
export type ModbusPlace =
  | { readonly kind: 'serial'; readonly path: string; readonly format: SerialFormat }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

/** A SunSpec device over Modbus. Only function 3, read holding registers, is ever sent. */
export function sunSpecMeter(
  place: ModbusPlace,
  o: {
    readonly unit: number
    readonly model?: number | null
    readonly intervalMs?: number
    readonly answerMs?: number
    readonly connectMs?: number
  },
): MeterConnection {
  return async (listening, signal) => {
    const client = new modbus()
    const name = place.kind === 'tcp' ? `${place.host}:${place.port}` : place.path
    // Without a listener a late error of the socket would end the process.
    client.on('error', () => {})
    const destroy = () => client.destroy(() => {})
    signal.addEventListener('abort', destroy, { once: true })
    const cut = new AbortController()
    let unwatch = () => {}
    try {
      await within(
        o.connectMs ?? connectMs,
        open(client, place),
        () => new MeterError('noAnswer', `${name} does not take a connection.`),
      )
      if (place.kind === 'serial') unwatch = watchDevice(place.path, () => cut.abort())
      client.setID(o.unit)
      client.setTimeout(o.answerMs ?? answerMs)
      const read = reader(client, { ...o, name })
      const plan = await planReading(read, await walkModels(read), o.model ?? null)
      await poll(o.intervalMs ?? usualIntervalMs, AbortSignal.any([signal, cut.signal]), async () => {
        listening.reading(await readPlan(read, plan, Date.now()))
      })
      if (cut.signal.aborted)
        throw new MeterError('notThere', `The serial port ${name} is gone. Plug the cable in again.`)
    } finally {
      unwatch()
      signal.removeEventListener('abort', destroy)
      await close(client)
    }
  }
}

async function open(client: InstanceType<typeof modbus>, place: ModbusPlace): Promise<void> {
  if (place.kind === 'tcp') {
    const name = `${place.host}:${place.port}`
    return client.connectTCP(place.host, { port: place.port }).catch((error: unknown) => {
      throw socketError(name, error instanceof Error ? error : new Error(String(error)))
    })
  }
  const { baudRate, frame } = place.format
  const parity = frame[1] === 'E' ? 'even' : 'none'
  return client
    .connectRTUBuffered(place.path, { baudRate, parity, dataBits: 8, stopBits: 1 })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new MeterError('notThere', `The serial port ${place.path} cannot be opened (${reason}).`, error)
    })
}

function reader(client: InstanceType<typeof modbus>, o: { unit: number; name: string }): ReadRegisters {
  return async (address, count) => {
    const answer = await client.readHoldingRegisters(address, count).catch((error: unknown) => {
      throw modbusError(error, o)
    })
    return Uint16Array.from(answer.data)
  }
}

/** Exceptions of the Modbus application protocol (section 7) and what the library makes of silence. */
function modbusError(error: unknown, { unit, name }: { unit: number; name: string }): MeterError {
  const { modbusCode, errno, message } = error as { modbusCode?: number; errno?: unknown; message?: string }
  if (modbusCode === 10 || modbusCode === 11)
    return new MeterError('wrongUnit', `Behind ${name} there is no unit ${unit}. Say another one with ?unit=N.`, error)
  if (modbusCode === 6) return new MeterError('busy', `${name} is busy with another reader.`, error)
  if (modbusCode !== undefined)
    return new MeterError('exception', `${name} refused to read (Modbus exception ${modbusCode}).`, error)
  if (errno === 'ETIMEDOUT')
    return new MeterError(
      'noAnswer',
      `Unit ${unit} at ${name} did not answer. Check the unit number (?unit=N) and the cable.`,
      error,
    )
  if (/expected address/i.test(message ?? ''))
    return new MeterError('wrongUnit', `Another unit than ${unit} answered at ${name}.`, error)
  if (/port not open/i.test(message ?? '')) return new MeterError('closed', `The connection to ${name} ended.`, error)
  return new MeterError('failed', `Reading from ${name} failed (${message ?? String(error)}).`, error)
}

async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms)
  })
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}

function close(client: InstanceType<typeof modbus>): Promise<void> {
  return new Promise((resolve) => {
    // A port that is gone never calls back.
    setTimeout(resolve, 500).unref()
    // A socket that is still connecting would stay with the system for minutes.
    if (!client.isOpen) return client.destroy(() => resolve())
    client.close(() => resolve())
  })
}
