import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { meterReadingSchema, type MeterReading } from '../reading.ts'
import {
  httpWorlds,
  mqttWorld,
  p1SerialWorld,
  p1TcpWorld,
  sunSpecSerialWorld,
  sunSpecWorld,
  type MeterWorld,
} from '../testing/meter-worlds.ts'
import type { MeterDriver, Trouble } from './meter-driver.ts'
import { openMeter } from './open-meter.ts'

const worlds: Readonly<Record<string, () => Promise<MeterWorld>>> = {
  'P1 over a serial line': p1SerialWorld,
  'P1 over TCP': p1TcpWorld,
  'SunSpec over Modbus TCP': sunSpecWorld,
  'SunSpec over Modbus RTU': sunSpecSerialWorld,
  'Tasmota over MQTT': mqttWorld,
  'Tasmota over HTTP': httpWorlds.tasmota,
  'a Shelly of the second generation': httpWorlds.shellyPro,
  'a Shelly of the first generation': httpWorlds.shellyEm,
}

const quick = { intervalMs: 50, backoff: { firstMs: 50, longestMs: 200 } }

/** Listens until told to stop; `until` waits for a reading or trouble that fits. */
function watch(meter: MeterDriver) {
  const readings: MeterReading[] = []
  const troubles: Trouble[] = []
  const undo = meter.subscribe({
    reading: (reading) => readings.push(reading),
    trouble: (trouble) => troubles.push(trouble),
  })
  const until = async (fits: () => boolean) => {
    const endMs = performance.now() + 15_000
    while (!fits()) {
      if (performance.now() > endMs) throw new Error(`Waited in vain; trouble: ${JSON.stringify(troubles)}`)
      await wait(20)
    }
  }
  return { readings, troubles, undo, until }
}

describe.each(Object.entries(worlds))('a meter: %s', (_, start) => {
  let world: MeterWorld
  let meter: MeterDriver
  beforeEach(async () => {
    world = await start()
    meter = await openMeter({ driver: world.driver, target: world.target, ...quick })
  })
  afterEach(() => world.end())

  it('gives one reading in the normal form', async () => {
    world.show(1_234_567)
    const reading = await meter.read()
    expect(meterReadingSchema.parse(reading)).toMatchObject({ importWh: 1_234_567, powerW: 250 })
    expect(Math.abs(Date.parse(reading.receiveTime) - Date.now())).toBeLessThan(10_000)
  })

  it('tells what changes, to all who listen, until they end it', async () => {
    world.show(1_000)
    const [first, second] = [watch(meter), watch(meter)]
    await first.until(() => first.readings.some(({ importWh }) => importWh === 1_000))
    world.show(2_000)
    await second.until(() => second.readings.some(({ importWh }) => importWh === 2_000))
    first.undo()
    first.undo()
    const heard = first.readings.length
    world.show(3_000)
    await second.until(() => second.readings.some(({ importWh }) => importWh === 3_000))
    expect(first.readings).toHaveLength(heard)
    second.undo()
  })

  it('says in words when the meter is gone, and goes on when it is back', async () => {
    world.show(1_000)
    const { readings, troubles, undo, until } = watch(meter)
    await until(() => readings.length > 0)
    await world.vanish()
    await until(() => troubles.length > 0)
    expect(troubles[0]!.message).toMatch(/^[A-Z].*\.$/)
    await world.comeBack()
    world.show(5_000)
    await until(() => readings.some(({ importWh }) => importWh === 5_000))
    undo()
  })

  it('ends a read with a reason when nobody is there', async () => {
    await world.vanish()
    await expect(meter.read({ timeoutMs: 10_000 })).rejects.toMatchObject({ name: 'MeterError' })
    await world.comeBack()
  })

  it('ends a read that is no longer wanted', async () => {
    const reason = new Error('no longer')
    await expect(meter.read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('writes nothing to the meter', async () => {
    world.show(1)
    const { readings, undo, until } = watch(meter)
    await until(() => readings.length >= 3)
    undo()
    expect(world.written).toEqual([])
  })
})
