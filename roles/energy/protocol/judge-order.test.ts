import { Wallet } from 'ethers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeOrder, judgeSilence, type JudgingFacts, type OrderVerdict } from './judge-order.ts'
import { settlersPerSlot, settlerTimes, slotAt, slotTimes, type EnergyTiming } from './slots.ts'
import { reservationWei } from './settlement/settle-slot.ts'
import { sampleCommunity, sampleTariff } from './testing/sample-day.ts'
import { energyHash, type EnergyOrder } from './typed-data.ts'

const timing: EnergyTiming = {
  slotSeconds: 900,
  gateSeconds: 300,
  revealSeconds: 30,
  receiptSeconds: 20,
  slotsPerDay: 96,
}
const wallet = new Wallet(`0x${'11'.repeat(32)}`)
const slot = 2_000_000
const { gateAt } = slotTimes(timing, slot)
const order: EnergyOrder = {
  node: wallet.address,
  community: sampleCommunity.community,
  slot,
  side: 'sell',
  limitGweiPerWh: 100_000,
  wattHours: 1000,
  nonce: `0x${'22'.repeat(32)}`,
}
const hashOf = (value: EnergyOrder): string => energyHash(sampleCommunity, { kind: 'Order', value })
const sign = (value: EnergyOrder, by = wallet): string => by.signingKey.sign(hashOf(value)).serialized
const factsFor = (value: EnergyOrder, more: Partial<JudgingFacts> = {}): JudgingFacts => ({
  at: sampleCommunity,
  slot,
  timing,
  tariff: sampleTariff,
  rank: 0,
  nowSeconds: gateAt + 5,
  member: () => ({ connectionWatts: 24_000, panelPeakWatts: 5000 }),
  hashOf: () => ({ orderHash: hashOf(value), atSeconds: gateAt - 100 }),
  counted: () => null,
  freeWei: () => 10n ** 19n,
  ...more,
})
const judge = (change: Partial<EnergyOrder> = {}, more: Partial<JudgingFacts> = {}): OrderVerdict => {
  const value = { ...order, ...change }
  return judgeOrder(value, sign(value), factsFor(value, more))
}
const reasonOf = (verdict: OrderVerdict | null): string => (verdict?.kind === 'refused' ? verdict.reason : 'counts')

describe('an order', () => {
  it('counts when it was announced before the gate and says what it said then', () => {
    expect(judge()).toEqual({ kind: 'counts', order, orderHash: hashOf(order) })
  })

  it('is bound to chain and contract', () => {
    const elsewhere = { ...sampleCommunity, chainId: 1 }
    expect(reasonOf(judge({}, { at: elsewhere }))).toBe('signatureInvalid')
  })

  it('7.4 signed by another, or by nobody', () => {
    const stranger = new Wallet(`0x${'33'.repeat(32)}`)
    expect(reasonOf(judgeOrder(order, sign(order, stranger), factsFor(order)))).toBe('signatureInvalid')
    expect(reasonOf(judgeOrder(order, '0x1234', factsFor(order)))).toBe('signatureInvalid')
  })

  it('7.4 replayed: in its own slot, in another, in another community', () => {
    expect(reasonOf(judge({}, { counted: () => hashOf(order) }))).toBe('replayed')
    expect(reasonOf(judge({}, { slot: slot + 1 }))).toBe('otherSlot')
    expect(reasonOf(judge({}, { at: { ...sampleCommunity, community: `0x${'00'.repeat(32)}` } }))).toBe(
      'otherCommunity',
    )
  })

  it('7.4 changed after others were seen', () => {
    const changed = { ...order, limitGweiPerWh: 90_000 }
    expect(reasonOf(judgeOrder(changed, sign(changed), factsFor(order)))).toBe('secondOrder')
    expect(reasonOf(judge({}, { counted: () => `0x${'44'.repeat(32)}` }))).toBe('secondOrder')
  })

  it('7.4 announced late, opened early, opened late, or never announced', () => {
    const late = { orderHash: hashOf(order), atSeconds: gateAt }
    expect(reasonOf(judge({}, { hashOf: () => late }))).toBe('hashLate')
    expect(reasonOf(judge({}, { nowSeconds: gateAt - 1 }))).toBe('revealedEarly')
    expect(reasonOf(judge({}, { nowSeconds: gateAt + 31 }))).toBe('revealedLate')
    expect(reasonOf(judge({}, { nowSeconds: gateAt + 31, rank: 1 }))).toBe('counts')
    expect(reasonOf(judge({}, { hashOf: () => null }))).toBe('hashUnknown')
  })

  it('7.4 withheld after its announcement', () => {
    expect(judgeSilence(order.node, factsFor(order))).toBeNull()
    expect(reasonOf(judgeSilence(order.node, factsFor(order, { nowSeconds: gateAt + 31 })))).toBe('withheld')
    expect(
      judgeSilence(order.node, factsFor(order, { nowSeconds: gateAt + 31, counted: () => hashOf(order) })),
    ).toBeNull()
  })

  it('7.5 at a negative price, below feed-in, above retail', () => {
    expect(reasonOf(judgeOrder({ ...order, limitGweiPerWh: -5 }, '0x', factsFor(order)))).toBe('negativePrice')
    expect(reasonOf(judge({ limitGweiPerWh: 79_999 }))).toBe('priceBelowFeedIn')
    expect(reasonOf(judge({ limitGweiPerWh: 300_001 }))).toBe('priceAboveRetail')
  })

  it('7.1 over-sold: more than the panel makes, or than the connection carries', () => {
    expect(reasonOf(judge({ wattHours: 1250 }))).toBe('counts')
    expect(reasonOf(judge({ wattHours: 1251 }))).toBe('overSold')
    expect(reasonOf(judge({ side: 'buy', wattHours: 6000 }))).toBe('counts')
    expect(reasonOf(judge({ side: 'buy', wattHours: 6001 }))).toBe('overBought')
    expect(reasonOf(judge({}, { member: () => null }))).toBe('notAMember')
  })

  it('7.5 without enough set aside for what it may cost', () => {
    const needed = reservationWei(order, sampleTariff)
    expect(reasonOf(judge({}, { freeWei: () => needed }))).toBe('counts')
    expect(reasonOf(judge({}, { freeWei: () => needed - 1n }))).toBe('reservationMissing')
  })

  it('has a sentence for each reason, and no input makes it throw', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (input, signature) => {
        const verdict = judgeOrder(input, signature, factsFor(order))
        expect(verdict.kind === 'refused' && verdict.sentence.endsWith('.')).toBe(true)
      }),
    )
  })
})

describe('slots', () => {
  it('leave each settler in turn its time before the slot begins', () => {
    expect(settlersPerSlot(timing)).toBe(14)
    const practice = { slotSeconds: 15, gateSeconds: 5, revealSeconds: 3, receiptSeconds: 2, slotsPerDay: 8 }
    expect(settlersPerSlot(practice)).toBe(1)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (gate, receipt) => {
        const some = { ...timing, gateSeconds: gate + timing.revealSeconds, receiptSeconds: receipt }
        const endOf = (rank: number) => settlerTimes(some, 100, rank).revealsUntil
        const { startsAt } = slotTimes(some, 100)
        expect(endOf(settlersPerSlot(some) - 1)).toBeLessThan(startsAt)
        expect(endOf(settlersPerSlot(some))).toBeGreaterThanOrEqual(startsAt)
      }),
    )
  })

  it('are counted from 1970 in both clocks', () => {
    expect(slotAt(timing, slot * 900 + 899)).toBe(slot)
    expect(slotTimes(timing, slot)).toEqual({
      gateAt: slot * 900 - 300,
      startsAt: slot * 900,
      endsAt: slot * 900 + 900,
    })
  })
})
