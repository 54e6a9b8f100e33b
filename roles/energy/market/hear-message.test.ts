import { randomBytes } from 'node:crypto'
import { hexlify, Wallet } from 'ethers'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../api/values.ts'
import type { Gossip, GossipMessage, GossipVerdict } from '../../network/index.ts'
import { type EnergyTiming, slotTimes } from '../protocol/slots.ts'
import { sampleCommunity, sampleTariff } from '../protocol/testing/sample-day.ts'
import { type EnergyMessage, energyHash, type EnergyOrder } from '../protocol/typed-data.ts'
import { judgeMessage, type MarketPeerOptions, type PeerState, say } from './hear-message.ts'
import { createMarketPeer } from './market-peer.ts'
import type { MarketMessage } from './messages.ts'

const timing: EnergyTiming = { slotSeconds: 2, gateSeconds: 1, revealSeconds: 0.4, receiptSeconds: 0.4, slotsPerDay: 8 }
const randomHex = (): string => hexlify(randomBytes(32))
const [settler, member] = [new Wallet(randomHex()), new Wallet(randomHex())]
const members = [settler.address, member.address]
const hashOf = (order: EnergyOrder): string => energyHash(sampleCommunity, { kind: 'Order', value: order })
const signatureOf = (wallet: Wallet, message: EnergyMessage): string =>
  wallet.signingKey.sign(energyHash(sampleCommunity, message)).serialized
const orderOf = (node: string, slot: number): EnergyOrder => ({
  ...{ node, community: sampleCommunity.community, slot, side: 'buy', limitGweiPerWh: 200_000, wattHours: 1 },
  nonce: randomHex(),
})
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The settler's peer on a topic of which the test is all the others. */
function alone(more: Partial<MarketPeerOptions> = {}) {
  const said: MarketMessage[] = []
  let judge: (message: GossipMessage<MarketMessage>) => GossipVerdict = () => 'ignore'
  const gossip: Gossip = {
    publish: async (_topic, value) => void said.push(value as MarketMessage),
    follow(_topic, _schema, follower) {
      judge = (message) => follower.judge(message as never)
      return () => undefined
    },
    followers: () => [],
  }
  const options: MarketPeerOptions = {
    ...{ gossip, at: sampleCommunity, timing, tariff: sampleTariff, node: settler.address, randomHex, log: silentLog },
    member: (node) => (members.includes(node) ? { connectionWatts: 20_000_000, panelPeakWatts: 5_000_000 } : null),
    freeWei: () => 10n ** 20n,
    sign: async (message) => signatureOf(settler, message),
    settlersOf: () => [settler.address],
    now: () => Date.now() / 1000,
    ...more,
  }
  return { said, options, hear: (value: MarketMessage) => judge({ from: member.address, value }) }
}

describe('a settler', () => {
  it('7.4 gives no receipt for an order that its book leaves out, however slow its signer is, and signs each once', async () => {
    const signed: string[] = []
    const { said, options, hear } = alone({
      async sign(message) {
        if (message.kind === 'Receipt') {
          signed.push(message.value.node)
          await wait(timing.revealSeconds * 1000 + 150)
        }
        return signatureOf(settler, message)
      },
    })
    const peer = createMarketPeer(options)
    const slot = Math.ceil((Date.now() / 1000 + timing.gateSeconds + 0.2) / timing.slotSeconds)
    const trade = peer.trade(slot, orderOf(settler.address, slot))
    const order = orderOf(member.address, slot)
    hear({ kind: 'hash', slot, orderHash: hashOf(order) })
    await wait((slotTimes(timing, slot).gateAt + 0.15) * 1000 - Date.now())
    expect(said.map(({ kind }) => kind)).toContain('open')
    const reveal = {
      kind: 'reveal',
      slot,
      order,
      signature: signatureOf(member, { kind: 'Order', value: order }),
    } as const
    expect(hear(reveal)).toBe('accept')
    const { cleared, receipt } = await trade
    await wait(300)
    peer.stop()
    expect(signed.toSorted()).toEqual(members.toSorted())
    expect({ receipt, lines: cleared!.book.lines }).toEqual({ receipt: null, lines: [] })
    expect(said.map(({ kind }) => kind)).not.toContain('receipt')
  })
})

describe('what a peer keeps', () => {
  it('7.4 is bounded by its members, whatever one of them says of others and however long it runs', async () => {
    let nowSeconds = 1_000_000
    const { options, said } = alone({ now: () => nowSeconds })
    const state: PeerState = { options, attended: new Map() }
    const hear = (value: MarketMessage) => judgeMessage(state, { from: member.address, value })
    const slot = nowSeconds / timing.slotSeconds + 1
    const other = { ...orderOf(member.address, slot + 5) }
    for (let index = 0; index < 50; index++) {
      const invented = orderOf(new Wallet(randomHex()).address, slot)
      hear({ kind: 'reveal', slot, order: invented, signature: randomHex() })
      hear({ kind: 'reveal', slot, order: orderOf(settler.address, slot), signature: randomHex() })
      hear({ kind: 'reveal', slot, order: other, signature: signatureOf(member, { kind: 'Order', value: other }) })
      const own = orderOf(member.address, slot)
      hear({ kind: 'reveal', slot, order: own, signature: signatureOf(member, { kind: 'Order', value: own }) })
      const result = {
        ...{ community: sampleCommunity.community, slot, bookRoot: randomHex(), orderCount: 0 },
        ...{ priceGweiPerWh: 0, tradedWh: 0 },
      }
      hear({ kind: 'result', slot, result, signature: randomHex(), orderHashes: [], secret: randomHex() })
    }
    const { room, rejected } = state.attended.get(slot)!
    expect(room.refused).toMatchObject([{ node: member.address, reason: 'hashUnknown' }])
    expect(rejected).toEqual([{ from: member.address, sentence: 'It is not signed by a settler of the slot.' }])

    for (let passed = 1; passed <= 20; passed++) {
      nowSeconds += timing.slotSeconds
      hear({ kind: 'hash', slot: slot + passed, orderHash: randomHex() })
    }
    await say(state, { kind: 'hash', slot, orderHash: randomHex() })
    expect([...state.attended.keys()]).toEqual([slot + 20])
    expect(said).toEqual([])
  })
})
