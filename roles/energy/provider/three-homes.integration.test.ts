import { randomBytes } from 'node:crypto'
import { hexlify, SigningKey, Wallet } from 'ethers'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, it } from 'vitest'
import { openMeter } from '../../../resources/meters/index.ts'
import type { MeterSite } from '../../../resources/meters/plausibility/index.ts'
import { p1Telegram } from '../../../resources/meters/testing/build-telegram.ts'
import { mqttWorld, serialPair, sunSpecWorld } from '../../../resources/meters/testing/meter-worlds.ts'
import { silentLog } from '../../api/values.ts'
import { createNetworkNode, localIdentity, type NetworkNode } from '../../network/index.ts'
import { createMarketPeer, type MarketPeer, type SlotOutcome } from '../market/market-peer.ts'
import { topicOf } from '../market/messages.ts'
import { checkSettlement } from '../protocol/settlement/check-settlement.ts'
import { dayRoot } from '../protocol/settlement/day-record.ts'
import { netAmounts, settleDay } from '../protocol/settlement/settle-day.ts'
import { judgeReadings } from '../protocol/settlement/verify-readings.ts'
import { dayOfSlot, type EnergyTiming } from '../protocol/slots.ts'
import { sampleCommunity, sampleTariff } from '../protocol/testing/sample-day.ts'
import { type EnergyMessage, energyHash, type EnergyOrder, type SlotReading } from '../protocol/typed-data.ts'
import { weiOf } from '../protocol/units.ts'
import { hexOfBytes } from '../protocol/words.ts'
import { type MeteredSlot, signSlots } from './sign-slots.ts'

const timing: EnergyTiming = {
  slotSeconds: 6,
  gateSeconds: 4.5,
  revealSeconds: 1.5,
  receiptSeconds: 1.5,
  slotsPerDay: 2,
}
const running: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0).toReversed()) await stop()
})

/** A P1 meter behind a pair of serial ports, with panels: it counts both ways. */
async function sunnyMeter() {
  const pair = await serialPair()
  const port = new SerialPort({ path: pair.far, baudRate: 115_200, lock: false })
  await new Promise((resolve) => port.once('open', resolve))
  let exportWh = 500_000
  const kilo = (wh: number): string =>
    `${String(Math.floor(wh / 1000)).padStart(6, '0')}.${String(wh % 1000).padStart(3, '0')}`
  const lines = (): string[] => [
    '1-3:0.2.8(50)',
    '0-0:1.0.0(250615120000S)',
    '1-0:1.8.1(000123.456*kWh)',
    `1-0:2.8.1(${kilo(exportWh)}*kWh)`,
  ]
  const timer = setInterval(() => port.write(p1Telegram(lines())), 50)
  running.push(() => {
    clearInterval(timer)
    port.destroy()
    pair.end()
  })
  return { driver: 'p1', target: pair.near, show: (wattHours: number) => (exportWh = 500_000 + wattHours) }
}

type Home = {
  readonly address: string
  readonly meter: string
  readonly network: NetworkNode
  readonly peer: MarketPeer
  readonly slots: MeteredSlot[]
  readonly show: (wattHours: number) => void
}

const site: MeterSite = {
  kind: 'grid',
  meterId: null,
  // Slots of seconds make watts of megawatts out of a few hundred Wh.
  connectionW: 24_000_000,
  panelPeakW: 20_000_000,
  hasBattery: false,
  place: null,
  nominalVolts: 230,
  nominalHertz: 50,
}

async function startHomes(): Promise<Home[]> {
  const [mqtt, modbus] = [await mqttWorld(), await sunSpecWorld()]
  running.push(
    () => mqtt.end(),
    () => modbus.end(),
  )
  mqtt.show(1000)
  modbus.show(2000)
  const worlds = [
    await sunnyMeter(),
    { ...modbus, show: (wattHours: number) => modbus.show(2000 + wattHours) },
    { ...mqtt, show: (wattHours: number) => mqtt.show(1000 + wattHours) },
  ]
  const keys = worlds.map(() => randomBytes(32))
  const addresses = keys.map((key) => new Wallet(hexlify(key)).address)
  const homes: Home[] = []
  for (const [index, world] of worlds.entries()) {
    const [key, address] = [keys[index]!, addresses[index]!]
    const sign = async (message: EnergyMessage): Promise<string> =>
      new SigningKey(key).sign(energyHash(sampleCommunity, message)).serialized
    const network = await createNetworkNode({
      identity: localIdentity(key),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrapPeers: homes.flatMap((home) => home.network.multiaddrs()),
      mode: 'server',
      gossip: true,
      log: silentLog,
    })
    const shared = {
      at: sampleCommunity,
      timing,
      node: address,
      sign,
      randomHex: () => hexlify(randomBytes(32)),
      log: silentLog,
    }
    const peer = createMarketPeer({
      ...shared,
      gossip: network.gossip!,
      tariff: sampleTariff,
      member: (node) =>
        addresses.includes(node) ? { connectionWatts: site.connectionW, panelPeakWatts: site.panelPeakW } : null,
      freeWei: () => 10n ** 20n,
      settlersOf: () => addresses,
      now: () => Date.now() / 1000,
    })
    const meter = hexOfBytes(new Uint8Array(32).fill(index + 1))
    const slots: MeteredSlot[] = []
    const driver = await openMeter({ driver: world.driver, target: world.target, intervalMs: 100 })
    running.push(
      () => network.stop(),
      () => peer.stop(),
    )
    running.push(
      signSlots({
        signing: { ...shared, meter },
        timing,
        log: silentLog,
        driver,
        site,
        onSlot: (slot) => slots.push(slot),
        onTrouble: () => undefined,
      }).undo,
    )
    homes.push({ address, meter, network, peer, slots, show: world.show })
  }
  return homes
}

const sleepUntil = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds * 1000 - Date.now())))

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${what} did not come.`)
}

describe('three homes behind a serial line, a Modbus server and a broker', () => {
  it(
    'trade for a day: the settlement is the meters’ energy to the Wh and the payments to the wei',
    { timeout: 90_000 },
    async () => {
      const homes = await startHomes()
      const [sun, tenant, shop] = homes as [Home, Home, Home]
      await until('All three', () =>
        homes.every(({ network }) => network.gossip!.followers(topicOf(sampleCommunity)).length === 2),
      )
      const day = dayOfSlot(timing, Math.ceil(Date.now() / 1000 / timing.slotSeconds) + 3)
      const slots = [day * timing.slotsPerDay, day * timing.slotsPerDay + 1]
      /** What flows in each slot: exported by the sun, imported by the two others. In the second the sun falls short by 60 Wh. */
      const flows = [
        [400, 300, 150],
        [240, 200, 100],
      ] as const
      const orders = [
        [400, 300, 100],
        [300, 200, 100],
      ] as const
      const counters = [0, 0, 0]
      const outcomes: SlotOutcome[][] = []
      const trading = slots.map(async (slot, at) => {
        await sleepUntil(slot * timing.slotSeconds - timing.gateSeconds - 1)
        const wishes = homes.map(({ address }, home): EnergyOrder => ({
          node: address,
          community: sampleCommunity.community,
          slot,
          side: home === 0 ? 'sell' : 'buy',
          limitGweiPerWh: [120_000, 260_000, 200_000][home]!,
          wattHours: orders[at]![home]!,
          nonce: hexlify(randomBytes(32)),
        }))
        outcomes[at] = await Promise.all(homes.map((home, index) => home.peer.trade(slot, wishes[index]!)))
        // Registers move in the middle of a slot, so that their value at its borders is known to the Wh.
        await sleepUntil(slot * timing.slotSeconds + timing.slotSeconds / 2)
        homes.forEach(({ show }, home) => show((counters[home]! += flows[at]![home]!)))
      })
      await Promise.all(trading)
      await until('The last readings', () =>
        homes.every((home) => home.slots.some(({ energy }) => energy.slot === slots[1])),
      )

      const lastOf = new Map<string, SlotReading>()
      for (const home of homes) {
        const before = home.slots.filter(({ energy, signed }) => energy.slot < slots[0]! && signed !== null).at(-1)
        if (before?.signed) lastOf.set(home.address, before.signed.reading)
      }
      const settled = slots.map((slot, at) => {
        const signed = homes.map((home) => home.slots.find(({ energy }) => energy.slot === slot)!.signed!)
        const known = {
          meterOf: (node: string) => homes.find(({ address }) => address === node)?.meter ?? null,
          lastOf: (node: string) => lastOf.get(node) ?? null,
        }
        const { counted, refused } = judgeReadings(sampleCommunity, slot, signed, known)
        expect(refused).toEqual([])
        for (const { reading } of signed) lastOf.set(reading.node, reading)
        const { book, settler, signature } = outcomes[at]![0]!.cleared!
        expect(outcomes[at]!.map(({ cleared }) => cleared!.result)).toEqual(
          Array(3).fill(outcomes[at]![0]!.cleared!.result),
        )
        return { book, settler, signature: Buffer.from(signature.slice(2), 'hex'), readings: counted }
      })
      const options = {
        at: sampleCommunity,
        day,
        slotsPerDay: timing.slotsPerDay,
        tariff: sampleTariff,
        secret: randomBytes(32),
      }
      const record = settleDay({ ...options, slots: settled })

      const measured = record.headers.map(({ firstEntry, orderCount }) =>
        homes.map(
          ({ address }) =>
            record.entries.slice(firstEntry, firstEntry + orderCount).find(({ line }) => line.node === address)!
              .measuredWh,
        ),
      )
      expect(measured).toEqual(flows)
      const [first, second] = record.headers
      expect([first!.tradedWh, first!.deliveredWh, first!.takenWh]).toEqual([400, 400, 400])
      expect([second!.tradedWh, second!.deliveredWh, second!.takenWh]).toEqual([300, 240, 300])
      const [firstPrice, secondPrice] = [first!.priceGweiPerWh, second!.priceGweiPerWh]
      const fell = weiOf(sampleTariff.retailGweiPerWh - secondPrice, 60)
      const sunWei = weiOf(firstPrice, 400) + weiOf(secondPrice, 240) - fell
      const nets = new Map(netAmounts(record).map(({ node, netWei }) => [node, netWei]))
      expect(nets.get(sun.address.toLowerCase())).toBe(sunWei)
      expect(nets.get(tenant.address.toLowerCase())! + nets.get(shop.address.toLowerCase())!).toBe(-sunWei)
      expect(nets.get(tenant.address.toLowerCase())).toBe(
        -weiOf(firstPrice, 300) - weiOf(secondPrice, 160) + weiOf(sampleTariff.retailGweiPerWh - secondPrice, 40),
      )
      const readings = homes.flatMap((home) => home.slots.flatMap(({ signed }) => (signed === null ? [] : [signed])))
      const evidence = { tariff: sampleTariff, receipts: [], orders: [], readings, postedNets: netAmounts(record) }
      expect(checkSettlement(record, evidence)).toEqual([])
      expect(dayRoot(record)).toMatch(/^0x[0-9a-f]{64}$/)
    },
  )
})
