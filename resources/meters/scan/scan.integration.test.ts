import { Bonjour } from 'bonjour-service'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { httpWorld, httpWorlds, sunSpecWorld } from '../testing/meter-worlds.ts'
import { listenForAnnouncements, metersAnnounced } from './announcements.ts'
import { askHost } from './ask-host.ts'
import { shownName } from './found-meter.ts'
import { scanMeters } from './scan-meters.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describe('announcements', () => {
  it('become meters and brokers, each place once, and other devices are left out', () => {
    const addresses = ['fe80::1', '192.0.2.7']
    const found = metersAnnounced([
      { type: 'http', name: 'shellypro3em-a0', port: 80, addresses },
      { type: 'shelly', name: 'shellypro3em-a0', port: 80, addresses },
      { type: 'http', name: 'tasmota-1', port: 8080, addresses },
      { type: 'http', name: 'printer', port: 80, addresses },
      { type: 'mqtt', name: 'house', port: 1883, addresses },
      { type: 'modbus', name: 'inverter', port: 502, addresses },
      { type: 'shelly', name: 'without an address', port: 80, addresses: [] },
      { type: 'shelly', name: 'with an impossible port', port: 70_000, addresses },
    ])
    expect(found.map(({ driver, target }) => `${driver} ${target}`)).toEqual([
      'shelly http://192.0.2.7',
      'tasmota http://192.0.2.7:8080',
      'tasmota mqtt://192.0.2.7:1883/',
      'sunspec tcp://192.0.2.7:502',
    ])
  })

  it('are shown without what could move a cursor', () => {
    expect(shownName('a\u001b[2Jb\n\u202ec')).toBe('a 2Jb c')
    expect(shownName('x'.repeat(500))).toHaveLength(60)
  })

  it('are heard from a device that is really announced', async () => {
    const device = new Bonjour()
    ends.push(() => new Promise<void>((resolve) => device.unpublishAll(() => device.destroy(resolve))))
    device.publish({ name: `shelly-test-${process.pid}`, type: 'http', port: 8_123, probe: false })
    const heard = await listenForAnnouncements(3_000)
    expect(heard).toContainEqual(expect.objectContaining({ name: `shelly-test-${process.pid}`, port: 8_123 }))
  })
})

describe('a scan', () => {
  it('reads hosts that are named, by the way they speak', async () => {
    const [shelly, meter] = [await httpWorlds.shellyPro(), await sunSpecWorld()]
    ends.push(shelly.end, meter.end)
    const host = shelly.target.slice('http://'.length)
    expect(await askHost(host)).toMatchObject([{ driver: 'shelly', target: shelly.target, foundBy: 'host' }])
    const { written } = shelly
    expect(written).toEqual([])
  })

  it('shows the name of a meter without what could move a cursor', async () => {
    const world = await httpWorld('shelly', () => ({
      '/shelly': { gen: 2 },
      '/rpc/Shelly.GetStatus': { 'emdata:0': { total_act: 1, total_act_ret: 0 }, sys: { mac: 'A0\u001b[2J\nB' } },
    }))
    ends.push(() => world.end())
    const host = world.target.slice('http://'.length)
    expect(await askHost(host)).toMatchObject([{ description: `${host}, meter A0 2J B` }])
  })

  it('connects to nobody who was not named', async () => {
    let connections = 0
    const server = createServer(() => void connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => server.close())
    const found = await scanMeters({ listenMs: 200 })
    expect(found.filter(({ foundBy }) => foundBy === 'host')).toEqual([])
    expect(connections).toBe(0)
  })

  it('finds nothing at a host that is not there, in bounded time', async () => {
    const startMs = performance.now()
    expect(await scanMeters({ listenMs: 10, hosts: ['127.0.0.1:1'] })).not.toContainEqual(
      expect.objectContaining({ foundBy: 'host' }),
    )
    expect(performance.now() - startMs).toBeLessThan(15_000)
  })
})
