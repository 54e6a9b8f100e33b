import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, it } from 'vitest'
import type { MeterReading } from '../reading.ts'
import { p1Telegram } from '../testing/build-telegram.ts'
import {
  httpWorld,
  modbusException,
  modbusServer,
  mqttWorld,
  p1SerialWorld,
  serialPair,
  type ModbusAnswers,
} from '../testing/meter-worlds.ts'
import { sunSpecMeter } from '../sunspec/modbus-connection.ts'
import { createMeter } from './create-meter.ts'
import type { MeterConnection, Trouble } from './meter-driver.ts'
import { openMeter } from './open-meter.ts'
import { p1Serial } from './p1-serial.ts'
import { TelegramFeed } from './telegram-feed.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const backoff = { firstMs: 20, longestMs: 40 }
const readFrom = (connection: MeterConnection) => createMeter(connection, backoff).read({ timeoutMs: 8_000 })
const refusalOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error as { code: string; message: string }
}

describe('a line that carries noise', () => {
  const telegram = (kiloWattHours: number) => p1Telegram([`1-0:1.8.0(${kiloWattHours}*kWh)`])

  function feed() {
    const readings: MeterReading[] = []
    const troubles: Trouble[] = []
    const listening = {
      reading: (one: MeterReading) => readings.push(one),
      trouble: (one: Trouble) => troubles.push(one),
    }
    return { readings, troubles, feed: new TelegramFeed(listening, () => 0) }
  }

  it('finds telegrams whatever the pieces are in which they come', () => {
    const stream = Buffer.concat([telegram(1).subarray(20), Buffer.from('~~noise~~\r\n'), telegram(2), telegram(3)])
    for (const size of [1, 3, 7, 64, stream.length]) {
      const { readings, troubles, feed: line } = feed()
      for (let at = 0; at < stream.length; at += size) line.push(stream.subarray(at, at + size))
      expect(readings.map(({ importWh }) => importWh)).toEqual([2_000, 3_000])
      expect(troubles).toEqual([])
    }
  })

  it('gives a half telegram up when the next one begins', () => {
    const { readings, feed: line } = feed()
    line.push(telegram(1).subarray(0, 30))
    line.push(telegram(2))
    expect(readings.map(({ importWh }) => importWh)).toEqual([2_000])
  })

  it('says that a telegram was damaged, and takes the next', () => {
    const { readings, troubles, feed: line } = feed()
    const damaged = Buffer.from(telegram(1))
    damaged[20]! ^= 1
    line.push(damaged)
    line.push(telegram(2))
    expect(troubles.map(({ code }) => code)).toEqual(['unreadable'])
    expect(readings.map(({ importWh }) => importWh)).toEqual([2_000])
  })

  it('holds no more than a telegram can be long, however much arrives', () => {
    const { readings, feed: line } = feed()
    for (let index = 0; index < 1_000; index++) line.push(Buffer.from(`/${'a'.repeat(1_000)}\r\n`))
    line.push(telegram(2))
    expect(readings).toHaveLength(1)
    expect((line as unknown as { held: Uint8Array }).held.length).toBeLessThan(20_000)
  })

  it('nor more where the last line of a telegram never ends', () => {
    const { readings, feed: line } = feed()
    line.push(Buffer.from('/ISk5\r\n\r\n!'))
    for (let index = 0; index < 1_000; index++) line.push(Buffer.from('a'.repeat(1_000)))
    expect((line as unknown as { held: Uint8Array }).held.length).toBeLessThan(20_000)
    line.push(Buffer.from('\r\n'))
    line.push(telegram(2))
    expect(readings.map(({ importWh }) => importWh)).toEqual([2_000])
  })
})

describe('a serial port', () => {
  it('says that the speed is wrong, and tries the next usual one', async () => {
    const pair = await serialPair()
    ends.push(() => pair.end())
    const far = new SerialPort({ path: pair.far, baudRate: 9_600, lock: false })
    ends.push(() => far.destroy())
    await new Promise((resolve) => far.once('open', resolve))
    // What 7E1 looks like to a reader of 8N1 with the speed right: every second byte has its top bit set.
    const noise = Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 37) & 0xff))
    const timer = setInterval(() => far.write(noise), 30)
    ends.push(() => clearInterval(timer))
    const meter = createMeter(p1Serial(pair.near), backoff)
    const troubles: Trouble[] = []
    await new Promise<void>((resolve) => {
      const undo = meter.subscribe({
        reading() {},
        trouble(trouble) {
          if (troubles.push(trouble) === 2) resolve(undo())
        },
      })
    })
    expect(troubles.map(({ code }) => code)).toEqual(['wrongBaudRate', 'wrongBaudRate'])
    expect(troubles[0]!.message).toContain('is no text at 115200 8N1. 9600 7E1 is tried next.')
    expect(troubles[1]!.message).toContain('is no text at 9600 7E1.')
  })

  it('says that nothing arrives, that there is no such port, and that somebody else uses it', async () => {
    const pair = await serialPair()
    ends.push(() => pair.end())
    expect(await refusalOf(readFrom(p1Serial(pair.near, { silenceMs: 100 })))).toMatchObject({ code: 'silent' })
    expect(await refusalOf(readFrom(p1Serial('/dev/no-such-port')))).toMatchObject({
      code: 'notThere',
      message: 'There is no serial port /dev/no-such-port. Plug the cable in.',
    })
    const other = new SerialPort({ path: pair.near, baudRate: 9_600 })
    ends.push(() => other.destroy())
    await new Promise((resolve) => other.once('open', resolve))
    expect(await refusalOf(readFrom(p1Serial(pair.near)))).toMatchObject({ code: 'busy' })
  })

  it('says that it is gone when the cable is pulled in the middle of a telegram', async () => {
    const world = await p1SerialWorld()
    ends.push(() => world.end())
    const troubles: Trouble[] = []
    const meter = createMeter(p1Serial(world.target), { firstMs: 10_000, longestMs: 10_000 })
    let pulled = false
    await new Promise<void>((resolve) => {
      const undo = meter.subscribe({
        reading() {
          if (!pulled) void world.vanish()
          pulled = true
        },
        trouble: (trouble) => resolve((troubles.push(trouble), undo())),
      })
    })
    expect(troubles).toMatchObject([{ code: 'notThere' }])
  })
})

describe('a Modbus device', () => {
  const start = async (answers: ModbusAnswers) => {
    const server = await modbusServer(answers, 20_000 + Math.floor(Math.random() * 20_000))
    ends.push(server.stop)
    return (unit: number) =>
      refusalOf(readFrom(sunSpecMeter({ kind: 'tcp', host: '127.0.0.1', port: server.port }, { unit, answerMs: 300 })))
  }

  it.each([
    [1, 'notSunSpec', 'no SunSpec map'],
    [2, 'notSunSpec', 'no SunSpec map'],
    [4, 'notSunSpec', 'no SunSpec map'],
    [6, 'busy', 'busy with another reader'],
    [10, 'wrongUnit', 'there is no unit 7'],
    [11, 'wrongUnit', 'there is no unit 7'],
  ])('with exception %i: %s', async (exception, code, words) => {
    const refusal = await start(() => {
      throw modbusException(exception)
    })
    const { code: found, message } = await refusal(7)
    expect({ found, message }).toEqual({ found: code, message: expect.stringContaining(words) as string })
  })

  it('that does not answer for another unit', async () => {
    const refusal = await start(() => 0)
    expect(await refusal(3)).toMatchObject({
      code: 'noAnswer',
      message: expect.stringContaining('Check the unit number') as string,
    })
  })

  it('that never takes the connection is let go of', async () => {
    // A server that is stuck: its queue is full, and what comes then gets no answer.
    const script = `const server = require('node:net').createServer()
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        require('node:worker_threads').parentPort.postMessage(server.address().port)
        setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000))
      })`
    const stuck = new Worker(script, { eval: true })
    ends.push(() => stuck.terminate())
    const port = await new Promise<number>((resolve) => stuck.once('message', resolve))
    const queued = Array.from({ length: 8 }, () => connect({ host: '127.0.0.1', port }).on('error', () => {}))
    ends.push(() => queued.forEach((socket) => socket.destroy()))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
    const before = openSockets()
    const place = { kind: 'tcp', host: '127.0.0.1', port } as const
    const refusal = await refusalOf(readFrom(sunSpecMeter(place, { unit: 1, connectMs: 200 })))
    expect(refusal).toMatchObject({ code: 'noAnswer', message: `127.0.0.1:${port} does not take a connection.` })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(openSockets()).toBe(before)
  })

  it('that answers with rubbish, or breaks off', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', () => socket.write(Buffer.alloc(300, 0xff)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => (sockets.forEach((socket) => socket.destroy()), server.close()))
    const { port } = server.address() as AddressInfo
    const place = { kind: 'tcp', host: '127.0.0.1', port } as const
    const { code } = await refusalOf(readFrom(sunSpecMeter(place, { unit: 1, answerMs: 300 })))
    expect(['noAnswer', 'wrongUnit', 'failed', 'closed']).toContain(code)
  })
})

describe('a broker', () => {
  it('flags what it had kept, and does not flag what is new', async () => {
    const world = await mqttWorld()
    ends.push(() => world.end())
    await world.retain(1_000)
    world.show(2_000)
    const readings: MeterReading[] = []
    const meter = await openMeter({ driver: 'tasmota', target: world.target })
    await new Promise<void>((resolve) => {
      const undo = meter.subscribe({
        reading(reading) {
          readings.push(reading)
          if (reading.importWh === 2_000 && readings.length > 1) resolve(undo())
        },
        trouble() {},
      })
    })
    const stale = readings.filter(({ flags }) => flags.includes('stale'))
    expect(stale.map(({ importWh }) => importWh)).toEqual([1_000])
  })
})

describe('a device on the network', () => {
  const shelly = async (answers: Readonly<Record<string, unknown>>) => {
    const world = await httpWorld('shelly', () => answers)
    ends.push(() => world.end())
    const meter = await openMeter({ driver: 'shelly', target: world.target, backoff })
    return refusalOf(meter.read({ timeoutMs: 3_000 }))
  }

  it('that asks for a password, is no Shelly, or measures nothing', async () => {
    expect(await shelly({ '/shelly': 401 })).toMatchObject({ code: 'password' })
    expect(await shelly({ '/shelly': 503 })).toMatchObject({ code: 'exception' })
    expect(await shelly({ '/shelly': 'a page' })).toMatchObject({ code: 'unreadable' })
    expect(await shelly({ '/shelly': { gen: 2 }, '/rpc/Shelly.GetStatus': { sys: {} } })).toMatchObject({
      code: 'unreadable',
    })
  })

  it('that leads to another host is not followed', async () => {
    const world = await httpWorld('shelly', () => ({ '/shelly': 302 }))
    ends.push(() => world.end())
    const meter = await openMeter({ driver: 'shelly', target: world.target, backoff })
    expect(await refusalOf(meter.read())).toMatchObject({ name: 'MeterError' })
  })

  it('that answers without end', async () => {
    expect(await shelly({ '/shelly': { gen: 2, filler: 'x'.repeat(100_000) } })).toMatchObject({ code: 'unreadable' })
  })
})

describe('a target', () => {
  it.each([
    ['smoke', '/dev/ttyUSB0', 'There is no driver "smoke"'],
    ['p1', 'http://host', 'takes a serial port or tcp'],
    ['p1', 'tcp://host', 'takes a serial port or tcp'],
    ['p1', '/dev/ttyUSB0?baud=fast', 'baud is a number'],
    ['p1', '/dev/ttyUSB0?frame=9X9', 'frame is one of'],
    ['sunspec', 'tcp://host?unit=400', 'unit is a number from 0 to 255'],
    ['tasmota', 'mqtt://host', 'Say the topic'],
    ['tasmota', 'mqtt://host/tele/+/SENSOR', 'wildcard only as a + at its end'],
    ['tasmota', 'mqtt://host/tele/#', 'wildcard only as a + at its end'],
    ['shelly', 'gopher://host', 'begins with mqtt:// or http://'],
    ['zigbee2mqtt', 'http://host', 'is read from its broker'],
    ['shelly', 'http://[', 'is no address'],
    ['p1', '', 'Say the serial port'],
  ])('%s %s is refused in words', async (driver, target, words) => {
    const refusal = await refusalOf(openMeter({ driver, target }))
    expect(refusal).toMatchObject({ code: 'wrongTarget', message: expect.stringContaining(words) as string })
  })
})
