import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Aedes } from 'aedes'
import { ServerSerial, ServerTCP } from 'modbus-serial'
import { SerialPort } from 'serialport'
import { p1Telegram } from './build-telegram.ts'
import { gridMeter } from './sunspec-device.ts'

/** A meter that is not ours, at the other end of a real line. */
export type MeterWorld = {
  readonly driver: string
  readonly target: string
  /** What its import register says from now on; it goes on telling it or answering with it. */
  show(importWh: number): void
  /** The line is cut or the device is switched off. */
  vanish(): Promise<void>
  comeBack(): Promise<void>
  /** All that reached the device and would have changed something. */
  readonly written: string[]
  end(): Promise<void>
}

const tellEveryMs = 50

function telegram(importWh: number): Uint8Array {
  const text = `${String(Math.floor(importWh / 1000)).padStart(6, '0')}.${String(importWh % 1000).padStart(3, '0')}`
  return p1Telegram(['1-3:0.2.8(50)', '0-0:1.0.0(250615120000S)', `1-0:1.8.1(${text}*kWh)`, '1-0:1.7.0(00.250*kW)'])
}

/** A pair of serial ports that are joined, as socat makes them. `cut` takes both away. */
export async function serialPair(): Promise<{
  near: string
  far: string
  cut(): Promise<void>
  join(): Promise<void>
  end(): void
}> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-serial-'))
  const [near, far] = [join(folder, 'near'), join(folder, 'far')]
  let socat: ChildProcess | null = null
  const pair = {
    near,
    far,
    async cut() {
      const child = socat
      socat = null
      if (child === null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
    async join() {
      const ends = [near, far].map((link) => `pty,raw,echo=0,link=${link}`)
      socat = spawn('socat', ends, { stdio: 'ignore' })
      for (let tries = 0; tries < 100 && !(existsSync(near) && existsSync(far)); tries++) await wait(20)
    },
    end() {
      socat?.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await pair.join()
  return pair
}

/** A P1 port: talks every few milliseconds, and notes what is said to it. */
export async function p1SerialWorld(): Promise<MeterWorld> {
  const pair = await serialPair()
  const written: string[] = []
  let importWh = 0
  let port: SerialPort | null = null
  const plugIn = async () => {
    const opened = new SerialPort({ path: pair.far, baudRate: 115_200, lock: false })
    opened.on('data', (bytes: Buffer) => written.push(bytes.toString('hex')))
    opened.on('error', () => {})
    await new Promise((resolve) => opened.once('open', resolve))
    port = opened
  }
  await plugIn()
  const timer = setInterval(() => port?.isOpen === true && port.write(telegram(importWh)), tellEveryMs)
  return {
    driver: 'p1',
    target: pair.near,
    written,
    show: (wattHours) => (importWh = wattHours),
    async vanish() {
      port?.destroy()
      port = null
      await pair.cut()
    },
    async comeBack() {
      await pair.join()
      await plugIn()
    },
    async end() {
      clearInterval(timer)
      port?.destroy()
      pair.end()
    },
  }
}

/** Keeps a server on one port through stops and starts. */
async function restartable(start: (port: number) => Promise<{ port: number; stop(): Promise<void> }>) {
  let running = await start(0)
  const { port } = running
  return {
    port,
    stop: () => running.stop(),
    async start() {
      running = await start(port)
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** Counts connections, so that a stop ends them as a power cut does. */
function stopper(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
}

/** A serial server on the network that passes on what its P1 port hears. */
export async function p1TcpWorld(): Promise<MeterWorld> {
  const written: string[] = []
  let importWh = 0
  const line = await restartable(async (port) => {
    const server = createServer((socket) => {
      const timer = setInterval(() => socket.write(telegram(importWh)), tellEveryMs)
      socket.on('data', (bytes) => written.push(bytes.toString('hex')))
      socket.once('close', () => clearInterval(timer))
    })
    const stop = stopper(server)
    return { port: await listen(server, port), stop }
  })
  return {
    driver: 'p1',
    target: `tcp://127.0.0.1:${line.port}`,
    written,
    show: (wattHours) => (importWh = wattHours),
    vanish: line.stop,
    comeBack: line.start,
    end: line.stop,
  }
}

/** What a Modbus device answers: registers by address, or the number of an exception. */
export type ModbusAnswers = (address: number) => number

/** Throw this from answers to answer with an exception. */
export function modbusException(code: number): Error {
  return Object.assign(new Error(`exception ${code}`), { modbusErrorCode: code })
}

function vectorOf(answers: ModbusAnswers, written: string[]) {
  return {
    getHoldingRegister: answers,
    setRegister: (address: number, value: number) => void written.push(`${address}=${value}`),
    setCoil: (address: number, value: boolean) => void written.push(`${address}=${value}`),
  }
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A Modbus TCP device of the library's own making, unit 7. */
export async function modbusServer(answers: ModbusAnswers, port: number, written: string[] = []) {
  const sockets = new Set<Socket>()
  const server = new ServerTCP(vectorOf(answers, written), { host: '127.0.0.1', port, unitID: 7 })
  server.on('socketError', () => {})
  await new Promise<void>((resolve) => server.on('initialized', () => resolve()))
  const inner = (server as unknown as { _server: Server })._server
  inner.on('connection', (socket: Socket) => sockets.add(socket))
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      for (const socket of sockets) socket.destroy()
    })
  return { port, stop }
}

function gridMeterAnswers(importWh: () => number): ModbusAnswers {
  return (address) => {
    const value = gridMeter({ importWh: importWh(), exportWh: 42, powerW: 250 }).registers.get(address)
    if (value === undefined) throw modbusException(2)
    return value
  }
}

/** A grid meter that speaks Modbus TCP and SunSpec, unit 7. */
export async function sunSpecWorld(): Promise<MeterWorld> {
  const written: string[] = []
  let importWh = 0
  const answers = gridMeterAnswers(() => importWh)
  const line = await restartable(async (port) => modbusServer(answers, port === 0 ? await freePort() : port, written))
  return {
    driver: 'sunspec',
    target: `tcp://127.0.0.1:${line.port}?unit=7`,
    written,
    show: (wattHours) => (importWh = wattHours),
    vanish: line.stop,
    comeBack: line.start,
    end: line.stop,
  }
}

/** The same grid meter behind a serial line, unit 7. */
export async function sunSpecSerialWorld(): Promise<MeterWorld> {
  const pair = await serialPair()
  const written: string[] = []
  let importWh = 0
  let server: ServerSerial | null = null
  const plugIn = async () => {
    const vector = vectorOf(
      gridMeterAnswers(() => importWh),
      written,
    )
    const opened = new ServerSerial(vector, { path: pair.far, baudRate: 9_600, unitID: 7, lock: false } as never)
    opened.on('error', () => {})
    opened.on('socketError', () => {})
    await new Promise<void>((resolve) => opened.on('initialized', () => resolve()))
    server = opened
  }
  const unplug = async () => {
    const opened = server
    server = null
    if (opened === null) return
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 300)
      opened.close(() => resolve())
    })
  }
  await plugIn()
  return {
    driver: 'sunspec',
    target: `${pair.near}?unit=7`,
    written,
    show: (wattHours) => (importWh = wattHours),
    async vanish() {
      await unplug()
      await pair.cut()
    },
    async comeBack() {
      await pair.join()
      await plugIn()
    },
    async end() {
      await unplug()
      pair.end()
    },
  }
}

/** A Tasmota plug that tells its broker. */
export async function mqttWorld(): Promise<MeterWorld & { retain(importWh: number): Promise<void> }> {
  const written: string[] = []
  const topic = 'tele/meter/SENSOR'
  let importWh = 0
  let broker: Aedes | null = null
  const message = (wattHours: number) =>
    Buffer.from(JSON.stringify({ Time: '2026-01-01T00:00:00', ENERGY: { Total: wattHours / 1000, Power: 250 } }))
  const publish = (wattHours: number, retain: boolean) =>
    new Promise<void>((resolve) => {
      const packet = { cmd: 'publish', topic, payload: message(wattHours), qos: 0, retain, dup: false } as const
      if (broker === null || broker.closed) return resolve()
      broker.publish(packet, () => resolve())
    })
  const line = await restartable(async (port) => {
    const own = await Aedes.createBroker()
    own.on('publish', (packet, client) => client !== null && written.push(packet.topic))
    const server = createServer((socket) => own.handle(socket, undefined as never))
    const stopSockets = stopper(server)
    broker = own
    const listening = await listen(server, port)
    return {
      port: listening,
      async stop() {
        await new Promise<void>((resolve) => own.close(() => resolve()))
        await stopSockets()
      },
    }
  })
  const timer = setInterval(() => void publish(importWh, false), tellEveryMs)
  return {
    driver: 'tasmota',
    target: `mqtt://127.0.0.1:${line.port}/${topic}`,
    written,
    show: (wattHours) => (importWh = wattHours),
    retain: (wattHours) => publish(wattHours, true),
    vanish: line.stop,
    comeBack: line.start,
    async end() {
      clearInterval(timer)
      await line.stop()
    },
  }
}

/** A web server with the answers of a device, by path. */
export async function httpWorld(
  driver: string,
  answers: (importWh: number) => Readonly<Record<string, unknown>>,
): Promise<MeterWorld> {
  const written: string[] = []
  let importWh = 0
  const line = await restartable(async (port) => {
    const server = createHttpServer((request, response) => {
      if (request.method !== 'GET') written.push(`${request.method} ${request.url}`)
      const body = answers(importWh)[request.url ?? '']
      if (typeof body === 'number') response.writeHead(body).end()
      else if (body === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    const stop = stopper(server)
    return { port: await listen(server, port), stop }
  })
  return {
    driver,
    target: `http://127.0.0.1:${line.port}`,
    written,
    show: (wattHours) => (importWh = wattHours),
    vanish: line.stop,
    comeBack: line.start,
    end: line.stop,
  }
}

/** Shellys of both kinds of interface, and a Tasmota plug over HTTP. */
export const httpWorlds = {
  shellyPro: () =>
    httpWorld('shelly', (importWh) => ({
      '/shelly': { id: 'shellypro3em-a0', gen: 2 },
      '/rpc/Shelly.GetStatus': {
        sys: { mac: 'A0', unixtime: 1_790_000_000 },
        'em:0': { total_act_power: 250 },
        'emdata:0': { total_act: importWh, total_act_ret: 1 },
      },
    })),
  shellyEm: () =>
    httpWorld('shelly', (importWh) => ({
      '/shelly': { type: 'SHEM-3', mac: 'B1' },
      '/status': {
        mac: 'B1',
        unixtime: 0,
        emeters: [{ power: 250, is_valid: true, total: importWh, total_returned: 0 }],
      },
    })),
  tasmota: () =>
    httpWorld('tasmota', (importWh) => ({
      '/cm?cmnd=Status%208': { StatusSNS: { ENERGY: { Total: importWh / 1000, Power: 250 } } },
    })),
}
