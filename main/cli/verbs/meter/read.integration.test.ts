import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  httpWorlds,
  mqttWorld,
  p1SerialWorld,
  sunSpecWorld,
  type MeterWorld,
} from '../../../../resources/meters/testing/meter-worlds.ts'
import { hearthIn } from '../testing/hearth-in.ts'

let folder: string
let world: MeterWorld | null = null
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-meter-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(async () => {
  await world?.end()
  world = null
})

const hearth: ReturnType<typeof hearthIn> = (args, options) => hearthIn(join(folder, 'home'), folder)(args, options)

describe('hearth meter read', () => {
  it.each([
    ['a serial P1 port', p1SerialWorld],
    ['a SunSpec meter', sunSpecWorld],
    ['an MQTT broker', mqttWorld],
    ['a Shelly', httpWorlds.shellyPro],
  ])('reads %s', async (_, start) => {
    world = await start()
    world.show(1_234_567)
    const { driver, target } = world
    const { code, stdout, stderr } = await hearth(['meter', 'read', '--driver', driver, '--target', target, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ importWh: 1_234_567, powerW: 250 })
  })

  it('watches until it is interrupted, and ends with 0', async () => {
    world = await httpWorlds.shellyPro()
    world.show(1_000)
    const { target } = world
    const args = ['meter', 'read', '--driver', 'shelly', '--target', target, '--watch', '--interval', '1']
    const { code, stdout } = await hearth(args, { signal: AbortSignal.timeout(2_500) })
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(2)
    expect(stdout).toContain('Import    1.000 kWh')
    expect(stdout).toContain('250 W from the grid')
  })

  it('says why there is no reading', async () => {
    const { code, stdout, stderr } = await hearth(['meter', 'read', '--driver', 'p1', '--target', '/dev/nowhere'])
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'hearth: There is no serial port /dev/nowhere. Plug the cable in.\n',
    })
  })

  it.each([
    [['read']],
    [['read', '--driver', 'p1']],
    [['read', '--driver', 'smoke', '--target', '/dev/ttyUSB0']],
    [['read', '--driver', 'p1', '--target', '/dev/ttyUSB0', '--interval', 'often']],
    [['read', 'more', '--driver', 'p1', '--target', '/dev/ttyUSB0']],
    [['scan', '--driver', 'p1']],
    [['scan', 'http://host/']],
    [['decode', '--driver', 'p1', '--target', 'x']],
  ])('says how it is used: %j', async (args) => {
    expect(await hearth(['meter', ...args])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('hearth meter scan', () => {
  it('reads a host that is named', async () => {
    world = await httpWorlds.shellyPro()
    const host = world.target.slice('http://'.length)
    const { code, stdout } = await hearth(['meter', 'scan', host, '--json'])
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as { meters: unknown[] }).meters).toContainEqual(
      expect.objectContaining({ driver: 'shelly', target: world.target, foundBy: 'host' }),
    )
  })
})

describe('hearth meter use', () => {
  const house = ['--connection-watts', '17250', '--panel-watts', '5000', '--at', '52.5,13.4']

  it('chooses the meter of the energy role and shows no password', async () => {
    const target = ['--target', 'mqtt://me:secret@broker/tele/meter/SENSOR']
    const { code, stdout } = await hearth(['meter', 'use', '--driver', 'tasmota', ...target, ...house, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      target: 'mqtt://broker/tele/meter/SENSOR',
      kind: 'grid',
      connectionW: 17_250,
      panelPeakW: 5_000,
      hasBattery: false,
      place: { latitudeDegrees: 52.5, longitudeDegrees: 13.4 },
    })
    const list = await hearth(['role', 'list', '--json'])
    expect(list.stdout).toContain('mqtt://broker/tele/meter/SENSOR')
    expect(list.stdout).not.toContain('secret')
    expect((await hearth(['role', 'start', 'energy'])).stdout).toContain('tasmota at mqtt://broker/tele/meter/SENSOR')
  })

  it.each([
    [['--driver', 'p1', '--target', '/dev/ttyUSB0']],
    [['--driver', 'p1', ...house]],
    [['--driver', 'smoke', '--target', '/dev/ttyUSB0', ...house]],
    [['--driver', 'p1', '--target', '/dev/ttyUSB0', '--connection-watts', 'many']],
    [['--driver', 'p1', '--target', '/dev/ttyUSB0', '--connection-watts', '1000', '--at', 'Berlin']],
    [['--driver', 'p1', '--target', '/dev/ttyUSB0', '--connection-watts', '1000', '--watch']],
  ])('says how it is used: %j', async (args) => {
    expect(await hearth(['meter', 'use', ...args])).toMatchObject({ code: 2, stdout: '' })
  })
})
