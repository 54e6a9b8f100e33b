import { randomBytes } from 'node:crypto'
import { hexlify, SigningKey, Wallet } from 'ethers'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../api/values.ts'
import { createNetworkNode, localIdentity, type NetworkNode } from '../../network/index.ts'
import type { EnergyTiming } from '../protocol/slots.ts'
import { sampleCommunity, sampleTariff } from '../protocol/testing/sample-day.ts'
import { type EnergyMessage, energyHash, type EnergyOrder } from '../protocol/typed-data.ts'
import { createMarketPeer, type MarketPeer, type SlotOutcome } from './market-peer.ts'
import { type MarketMessage, topicOf } from './messages.ts'

/** A slot of eight seconds whose gate closes six before it: one second to answer, two to open orders. */
const timing: EnergyTiming = { slotSeconds: 8, gateSeconds: 6, revealSeconds: 2, receiptSeconds: 1.5, slotsPerDay: 8 }

type Home = {
  readonly address: string
  readonly network: NetworkNode
  readonly peer: MarketPeer
  readonly sign: (message: EnergyMessage) => Promise<string>
}
const running: { stop(): void | Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

/** Three homes on loopback, all members, ranked in this sequence as settlers. */
async function startHomes(): Promise<[Home, Home, Home]> {
  const keys = Array.from({ length: 3 }, () => randomBytes(32))
  const addresses = keys.map((key) => new Wallet(hexlify(key)).address)
  const homes: Home[] = []
  for (const [index, key] of keys.entries()) {
    const network = await createNetworkNode({
      identity: localIdentity(key),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrapPeers: homes.flatMap((home) => home.network.multiaddrs()),
      mode: 'server',
      gossip: true,
      log: silentLog,
    })
    const sign = async (message: EnergyMessage): Promise<string> =>
      new SigningKey(key).sign(energyHash(sampleCommunity, message)).serialized
    const peer = createMarketPeer({
      gossip: network.gossip!,
      at: sampleCommunity,
      timing,
      tariff: sampleTariff,
      node: addresses[index]!,
      member: (node) => (addresses.includes(node) ? { connectionWatts: 20_000_000, panelPeakWatts: 5_000_000 } : null),
      freeWei: () => 10n ** 20n,
      sign,
      settlersOf: () => addresses,
      randomHex: () => hexlify(randomBytes(32)),
      now: () => Date.now() / 1000,
      log: silentLog,
    })
    running.push(peer, network)
    homes.push({ address: addresses[index]!, network, peer, sign })
  }
  await untilAllFollow(homes)
  return homes as [Home, Home, Home]
}

async function untilAllFollow(homes: readonly Home[]): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (homes.every(({ network }) => network.gossip!.followers(topicOf(sampleCommunity)).length === 2)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The homes did not find each other.')
}

/** The next slot whose gate is far enough away to announce in peace. */
const comingSlot = (): number => Math.ceil((Date.now() / 1000 + timing.gateSeconds + 0.7) / timing.slotSeconds)

const orderOf = (
  home: Home,
  slot: number,
  side: 'sell' | 'buy',
  limitGweiPerWh: number,
  wattHours: number,
): EnergyOrder => ({
  node: home.address,
  community: sampleCommunity.community,
  slot,
  side,
  limitGweiPerWh,
  wattHours,
  nonce: hexlify(randomBytes(32)),
})
const hashOf = (order: EnergyOrder): string => energyHash(sampleCommunity, { kind: 'Order', value: order })
const say = (home: Home, message: MarketMessage): Promise<void> =>
  home.network.gossip!.publish(topicOf(sampleCommunity), message)
const fills = ({ cleared }: SlotOutcome): Record<string, number> =>
  Object.fromEntries(cleared!.book.lines.map(({ node, filledWh }) => [node, filledWh]))

describe('three homes and a slot', () => {
  it('trade: hashes before the gate, the settler first, a receipt for each, one result that all compute alike', async () => {
    const [sun, tenant, shop] = await startHomes()
    const slot = comingSlot()
    const orders = [
      orderOf(sun, slot, 'sell', 100_000, 900),
      orderOf(tenant, slot, 'buy', 250_000, 500),
      orderOf(shop, slot, 'buy', 180_000, 600),
    ] as const
    const outcomes = await Promise.all([sun, tenant, shop].map((home, at) => home.peer.trade(slot, orders[at]!)))
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        refused: [],
        rejected: [],
        receipt: { rank: 0 },
        cleared: { settler: sun.address, rank: 0 },
      })
      expect(outcome.cleared!.result).toEqual(outcomes[0]!.cleared!.result)
      expect(outcome.cleared!.book.priceGweiPerWh).toBe(180_000)
      expect(fills(outcome)).toEqual({ [sun.address]: 900, [tenant.address]: 500, [shop.address]: 400 })
    }
    expect(outcomes.map(({ receipt }) => receipt!.orderHash)).toEqual(orders.map(hashOf))
  })

  it('7.4 a dead settler is replaced by the next', async () => {
    const [sun, tenant, shop] = await startHomes()
    sun.peer.stop()
    await sun.network.stop()
    const slot = comingSlot()
    const [offer, wish] = [orderOf(tenant, slot, 'sell', 100_000, 300), orderOf(shop, slot, 'buy', 200_000, 500)]
    const outcomes = await Promise.all([tenant.peer.trade(slot, offer), shop.peer.trade(slot, wish)])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ receipt: { rank: 1 }, cleared: { settler: tenant.address, rank: 1 } })
      expect(fills(outcome)).toEqual({ [tenant.address]: 300, [shop.address]: 300 })
    }
  })

  it('7.4 an order withheld, one opened otherwise than announced, and one sent again: none counts, each with its reason', async () => {
    const [sun, tenant, shop] = await startHomes()
    const slot = comingSlot()
    const gateAtMs = (slot * timing.slotSeconds - timing.gateSeconds) * 1000
    const offer = orderOf(sun, slot, 'sell', 100_000, 900)
    const announced = orderOf(tenant, slot, 'buy', 150_000, 500)
    const changed = { ...announced, limitGweiPerWh: 300_000 }
    const settled = sun.peer.trade(slot, offer)
    shop.peer.stop()
    await say(tenant, { kind: 'hash', slot, orderHash: hashOf(announced) })
    await say(shop, { kind: 'hash', slot, orderHash: `0x${'5a'.repeat(32)}` })
    await new Promise((resolve) => setTimeout(resolve, gateAtMs + 500 - Date.now()))
    const signature = await tenant.sign({ kind: 'Order', value: changed })
    await say(tenant, { kind: 'reveal', slot, order: changed, signature })
    const again = await sun.sign({ kind: 'Order', value: offer })
    await say(shop, { kind: 'reveal', slot, order: offer, signature: again })
    const { refused, cleared } = await settled
    expect(refused).toHaveLength(3)
    expect(new Set(refused.map(({ node, reason }) => `${node.toLowerCase()} ${reason}`))).toEqual(
      new Set([
        `${tenant.address.toLowerCase()} secondOrder`,
        `${tenant.address.toLowerCase()} withheld`,
        `${shop.address.toLowerCase()} withheld`,
      ]),
    )
    expect(cleared).toMatchObject({ book: { tradedWh: 0, lines: [{ node: sun.address, filledWh: 0 }] } })
  })

  it('7.4 a settler that says something else than its orders come to is not believed', async () => {
    const [sun, tenant, shop] = await startHomes()
    const slot = comingSlot()
    const offer = orderOf(tenant, slot, 'sell', 100_000, 300)
    sun.peer.stop()
    const trades = [tenant.peer.trade(slot, offer), shop.peer.trade(slot, orderOf(shop, slot, 'buy', 200_000, 500))]
    const result = {
      community: sampleCommunity.community,
      slot,
      bookRoot: `0x${'00'.repeat(32)}`,
      orderCount: 0,
      priceGweiPerWh: 80_000,
      tradedWh: 300,
    }
    const signature = await sun.sign({ kind: 'SlotResult', value: result })
    await say(sun, { kind: 'result', slot, result, signature, orderHashes: [], secret: `0x${'01'.repeat(32)}` })
    for (const outcome of await Promise.all(trades)) {
      expect(outcome.rejected).toEqual([
        { from: sun.address, sentence: 'The same orders do not come to what it says.' },
      ])
      expect(outcome.cleared).toMatchObject({ settler: tenant.address, rank: 1 })
    }
  })

  it('ends at once when it is no longer wanted', async () => {
    const [sun] = await startHomes()
    const wanted = new AbortController()
    const trade = sun.peer.trade(comingSlot() + 1, null, wanted.signal)
    wanted.abort()
    await expect(trade).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
