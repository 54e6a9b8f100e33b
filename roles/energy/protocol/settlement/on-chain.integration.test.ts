import { hexlify, parseEther, randomBytes } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  encodeApprove,
  encodeEnergyChallenge,
  encodeSettleEnergyDay,
  encodeStakeFor,
  type EnergyNet,
  marketOfRole,
  readCertificates,
  readEnergyDay,
  readEnergyMember,
  readEnergyTiming,
  readOperatorEarnings,
  readSettledEnergyDays,
  readStake,
  sendAndWait,
  settlementTypedData,
} from '../../../../contracts/client/index.ts'
import { fundedWallet, signTyped } from '../../../../contracts/script/testing/actors.ts'
import {
  energyDay,
  type EnergyHome,
  energyHomes,
  foundCommunity,
  goToEnergyDay,
} from '../../../../contracts/script/testing/energy-actors.ts'
import { startTestChain, type TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import type { Community } from '../market.ts'
import { type EnergyMessage, energyHash, type EnergyOrder } from '../typed-data.ts'
import { challengeOf, treeFigures } from './challenge.ts'
import { checkSettlement } from './check-settlement.ts'
import { type DayRecord, dayRoot, dayTree, type Entry } from './day-record.ts'
import type { Evidence, FaultKind } from './fault.ts'
import { netAmounts, settleDay, type SettledSlot } from './settle-day.ts'
import { certifyAndShare } from './share-green.ts'
import { makeSlotBook, slotResultOf } from './slot-book.ts'

const timeoutMs = 20_000
const tariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
const lockWei = parseEther('1')
let test: TestChain
let at: Community
let slotsPerDay: number
let daySeconds: number
let fromBlock: number
/** The first sells, the others buy; the first has provision, settles and posts. */
let homes: readonly EnergyHome[]

beforeAll(async () => {
  test = await startTestChain()
  const { network, funder } = test
  fromBlock = await test.chain.provider.getBlockNumber()
  slotsPerDay = (await readEnergyTiming(test.chain)).slotsPerDay
  const where = await foundCommunity(test)
  daySeconds = where.daySeconds
  homes = await energyHomes(test, where, await fundedWallet(test, parseEther('10')), 3)
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const provision = { operator: homes[0]!.operator.address, amountWei: parseEther('10') }
  const stake = encodeStakeFor(network, { ...provision, market: marketOfRole(network, 'energy') })
  await sendAndWait(funder, stake, { timeoutMs })
  await goToEnergyDay(test, daySeconds, (await today()) + 1)
  at = { chainId: network.chainId, contract: network.contracts.EnergyMarket, community: where.community }
}, 90_000)

afterAll(() => test.stop())

const today = (): Promise<number> => energyDay(test, daySeconds)
const sign = ({ node }: EnergyHome, message: EnergyMessage): string =>
  node.signingKey.sign(energyHash(at, message)).serialized

/** A day in which the sun delivers 360 of 400 Wh in slot 1 and everything in slot 4. */
function makeDay(day: number) {
  const wishes = [
    [400, 250, 150],
    [300, 200, 150],
  ]
  const flows = [
    [360, 250, 170],
    [300, 180, 100],
  ]
  const orders: { order: EnergyOrder; orderHash: string }[] = []
  const slots = [1, 4].map((place, market): SettledSlot => {
    const slot = day * slotsPerDay + place
    const own = homes.map(({ node }, home) => {
      const order: EnergyOrder = {
        ...{ node: node.address, community: at.community, slot, side: home === 0 ? 'sell' : 'buy' },
        ...{ limitGweiPerWh: [100_000, 260_000, 240_000][home]!, wattHours: wishes[market]![home]! },
        nonce: hexlify(randomBytes(32)),
      }
      return { order, orderHash: energyHash(at, { kind: 'Order', value: order }) }
    })
    orders.push(...own)
    const hashed = own.map(({ order, orderHash }) => ({ ...order, orderHash }))
    const book = makeSlotBook(slot, hashed, randomBytes(32))
    const signature = Buffer.from(
      sign(homes[0]!, { kind: 'SlotResult', value: slotResultOf(at, book) }).slice(2),
      'hex',
    )
    const readings = new Map(
      homes.map(({ node }, home) => {
        const wattHours = flows[market]![home]!
        const [importWh, exportWh] = home === 0 ? [0, wattHours] : [wattHours, 0]
        return [node.address.toLowerCase(), { importWh, exportWh, hash: hexlify(randomBytes(32)) }]
      }),
    )
    return { book, settler: homes[0]!.node.address, signature, readings }
  })
  const record = settleDay({ at, day, slotsPerDay, tariff, secret: randomBytes(32), slots })
  return { record, orders, slots }
}

/** Posts a day as it is; returns what the chain then says was posted. */
async function post(record: DayRecord, nets: readonly EnergyNet[]) {
  const [poster] = homes
  const tree = dayTree(record)
  const { community } = at
  const root = dayRoot(record, tree)
  const data = settlementTypedData(test.network, { community, day: record.day, root, nets })
  const signature = await signTyped(poster!.node, data)
  await goToEnergyDay(test, daySeconds, record.day + 1)
  const args = {
    community,
    day: record.day,
    tree: treeFigures(record, tree),
    nets,
    poster: poster!.node.address,
    signature,
  }
  await sendAndWait(test.funder, encodeSettleEnergyDay(test.network, args), { timeoutMs })
  expect((await readEnergyDay(test.chain, { community, day: record.day }))!.root).toBe(root)
  const toBlock = await test.chain.provider.getBlockNumber()
  const days = await readSettledEnergyDays(test.chain, { community, fromBlock, toBlock })
  return { posted: days.find(({ day }) => day === record.day)!, tree }
}

const plainNets = (record: DayRecord): EnergyNet[] =>
  netAmounts(record).map((one) => ({ ...one, certifiedWh: 0, heldWh: 0 }))

describe('a day on the chain', () => {
  it('moves to the wei what the meters say, and certificates to the watt-hour', async () => {
    const { record, orders } = makeDay(await today())
    const [sun, ...buyers] = homes
    const generation = {
      ...{
        node: sun!.node.address,
        meter: sun!.meter,
        fromRegisterWh: 1000,
        toRegisterWh: 1700,
        certifiedUpToWh: 1000,
      },
      slots: [1, 4].map((place, market) => ({
        ...{ slot: record.day * slotsPerDay + place, generationWh: [110, 80][market]! },
        ...{ exportWh: [360, 300][market]!, counts: true },
      })),
    }
    const { nets } = certifyAndShare(record, tariff, [generation])
    const { posted } = await post(record, nets)
    const netOf = (address: string): bigint => nets.find(({ node }) => node === address.toLowerCase())!.netWei
    expect(netOf(sun!.node.address) > 0n).toBe(true)
    const { earnedWei } = await readOperatorEarnings(test.chain, sun!.operator.address)
    expect(earnedWei).toBe((netOf(sun!.node.address) * 19n) / 20n)
    for (const { node, operator } of buyers) {
      expect((await readEnergyMember(test.chain, node.address))!.lockedWei).toBe(lockWei + netOf(node.address))
      const held = await readCertificates(test.chain, { owner: operator.address, certificateId: posted.certificateId })
      expect(held).toBe(BigInt(nets.find((one) => one.node === node.address.toLowerCase())!.heldWh))
      expect(held > 0n).toBe(true)
    }
    const evidence: Evidence = { tariff, receipts: [], orders, readings: [], postedNets: posted.nets }
    expect(checkSettlement(record, evidence)).toEqual([])
  }, 60_000)

  const changeEntry =
    (index: number, change: (one: Entry) => Entry) =>
    (record: DayRecord): DayRecord => ({
      ...record,
      entries: record.entries.map((one, place) => (place === index ? change(one) : one)),
    })
  const ofSide = (record: DayRecord, side: 'sell' | 'buy'): number =>
    record.entries.findIndex(({ line }) => line.side === side)
  const cheats: readonly [FaultKind, string, (record: DayRecord) => DayRecord][] = [
    [
      'betterOrderUnfilled',
      'a buyer above the price gets nothing',
      (record) =>
        changeEntry(ofSide(record, 'buy'), (one) => ({
          ...one,
          line: { ...one.line, limitGweiPerWh: 299_999, filledWh: 0 },
        }))(record),
    ],
    [
      'fillOutsideLimit',
      'a seller is made to sell below its limit',
      (record) =>
        changeEntry(ofSide(record, 'sell'), (one) => ({ ...one, line: { ...one.line, limitGweiPerWh: 299_999 } }))(
          record,
        ),
    ],
    [
      'bookOutOfOrder',
      'an order stands twice',
      (record) =>
        changeEntry(1, (one) => ({ ...one, line: { ...one.line, orderHash: record.entries[0]!.line.orderHash } }))(
          record,
        ),
    ],
    [
      'slotSumsDiffer',
      'a running sum jumps',
      changeEntry(1, (one) => ({ ...one, takenBeforeWh: one.takenBeforeWh + 7 })),
    ],
    [
      'slotSumsDiffer',
      'the slot is said to have delivered more',
      (record) => ({
        ...record,
        headers: record.headers.map((one) => (one.orderCount > 0 ? { ...one, deliveredWh: one.deliveredWh + 1 } : one)),
      }),
    ],
    [
      'nodeSumsDiffer',
      'a node loses its first trade',
      changeEntry(4, (one) => ({ ...one, previousEntry: 0, nodeNetBeforeWei: 0n })),
    ],
    [
      'nodeSumsDiffer',
      'a sum of the day is shaved',
      (record) => ({
        ...record,
        totals: record.totals.map((one, place) => (place === 0 ? { ...one, netWei: one.netWei - 1n } : one)),
      }),
    ],
  ]

  it.each(cheats)(
    '7.4 %s: %s, proven on the chain',
    async (kind, _what, cheat) => {
      const { record, orders, slots } = makeDay(await today())
      const spoiled = cheat(record)
      const nets = plainNets(record)
      const { posted, tree } = await post(spoiled, nets)
      const evidence: Evidence = { tariff, receipts: [], orders, readings: [], postedNets: posted.nets }
      const fault = checkSettlement(spoiled, evidence).find((one) => one.kind === kind)!
      expect(await provenOf(spoiled, fault, nets, tree, slots)).toBe(true)
    },
    60_000,
  )

  it('7.4 orderLeftOut: an order with a receipt is not in the book, proven on the chain', async () => {
    const { record, slots } = makeDay(await today())
    const nets = plainNets(record)
    const { posted, tree } = await post(record, nets)
    const receipt = {
      ...{ community: at.community, slot: slots[0]!.book.slot, node: homes[1]!.node.address },
      orderHash: hexlify(randomBytes(32)),
    }
    const receipts = [{ receipt, signature: sign(homes[0]!, { kind: 'Receipt', value: receipt }) }]
    const [fault] = checkSettlement(record, { tariff, receipts, orders: [], readings: [], postedNets: posted.nets })
    expect(fault!.kind).toBe('orderLeftOut')
    expect(await provenOf(record, fault!, nets, tree, slots)).toBe(true)
  }, 60_000)

  it('7.5 postedSumDiffers: other sums are posted than the record has, proven on the chain', async () => {
    const { record, slots } = makeDay(await today())
    const [one, two, ...rest] = plainNets(record)
    const nets = [{ ...one!, netWei: one!.netWei - 5n }, { ...two!, netWei: two!.netWei + 5n }, ...rest]
    const { posted, tree } = await post(record, nets)
    const [fault] = checkSettlement(record, { tariff, receipts: [], orders: [], readings: [], postedNets: posted.nets })
    expect(await provenOf(record, fault!, nets, tree, slots)).toBe(true)
  }, 60_000)

  it('7.4 an honest day: no opening proves anything against it', async () => {
    const { record, slots } = makeDay(await today())
    const nets = plainNets(record)
    const { tree } = await post(record, nets)
    const lies = [
      {
        kind: 'betterOrderUnfilled',
        leaves: [
          { list: 'header', index: 1 },
          { list: 'entry', index: 0 },
        ],
      },
      {
        kind: 'bookOutOfOrder',
        leaves: [
          { list: 'header', index: 1 },
          { list: 'entry', index: 0 },
          { list: 'entry', index: 1 },
        ],
      },
      { kind: 'nodeSumsDiffer', leaves: [{ list: 'total', index: 0 }] },
      { kind: 'postedSumDiffers', leaves: [{ list: 'total', index: 0 }] },
    ] as const
    for (const lie of lies) {
      await expect(provenOf(record, { ...lie, sentence: '' }, nets, tree, slots)).rejects.toThrow('FaultNotProven')
    }
  }, 60_000)

  /** True when the challenge cost the poster, who settled as well, a hundredth of its provision. */
  async function provenOf(
    record: DayRecord,
    fault: Parameters<typeof challengeOf>[1],
    nets: readonly EnergyNet[],
    tree: ReturnType<typeof dayTree>,
    slots: readonly SettledSlot[],
  ): Promise<boolean> {
    const signatureOf = (slot: number): string =>
      hexlify(slots.find(({ book }) => book.slot === slot)?.signature ?? '0x')
    const challenge = challengeOf(record, fault, { signatureOf, nets, tree })!
    const stake = async (): Promise<bigint> => {
      const market = marketOfRole(test.network, 'energy')
      return (await readStake(test.chain, homes[0]!.operator.address, market)).stakedWei
    }
    const before = await stake()
    const day = { community: at.community, day: record.day, tree: treeFigures(record, tree) }
    await sendAndWait(test.funder, encodeEnergyChallenge(test.network, day, challenge), { timeoutMs })
    return (await stake()) === before - before / 100n
  }
})
