import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideService, type ServiceFacts } from './decide-service.ts'
import { feeInTokenWei, shouldRedeem } from './should-redeem.ts'
import { creditBytes, priceOfRangeRoundedUp } from './voucher.ts'

const wei = fc.bigInt({ min: 0n, max: 10n ** 24n })
const facts: fc.Arbitrary<ServiceFacts> = fc.record({
  lengthBytes: fc.integer({ min: 1, max: 2 * creditBytes }),
  priceWei: wei,
  spentWei: wei,
  debtWei: wei,
  debtBytes: fc.nat(creditBytes),
  cumulativeWei: wei,
  redeemedWei: wei,
  otherUnredeemedWei: wei,
  lockedWei: wei,
  creditBytes: fc.constant(creditBytes),
})

describe('a node decides', () => {
  it('2.1 to serve for money only when voucher and lock cover everything up to this range', () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (decideService(given).kind !== 'paid') return
        const due = given.spentWei + given.debtWei + given.priceWei
        expect(given.cumulativeWei).toBeGreaterThanOrEqual(due)
        const unredeemed = due > given.redeemedWei ? due - given.redeemedWei : 0n
        expect(unredeemed + given.otherUnredeemedWei).toBeLessThanOrEqual(given.lockedWei)
      }),
    )
  })

  it('2.1 never to trust a customer with more than the credit, whatever it asks and in whatever order', () => {
    const step = fc.record({ lengthBytes: fc.integer({ min: 1, max: creditBytes }), pays: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.bigInt({ min: 0n, max: 10n ** 9n }), (steps, lockedWei) => {
        let [spentWei, debtWei, debtBytes, cumulativeWei] = [0n, 0n, 0, 0n]
        for (const { lengthBytes, pays } of steps) {
          const priceWei = priceOfRangeRoundedUp(lengthBytes, 1_000_000n)
          if (pays) cumulativeWei = spentWei + debtWei + priceWei
          const rest = { redeemedWei: 0n, otherUnredeemedWei: 0n, lockedWei, creditBytes }
          const decision = decideService({
            lengthBytes,
            priceWei,
            spentWei,
            debtWei,
            debtBytes,
            cumulativeWei,
            ...rest,
          })
          if (decision.kind === 'paid') [spentWei, debtWei, debtBytes] = [spentWei + debtWei + priceWei, 0n, 0]
          if (decision.kind === 'onTrust') [debtWei, debtBytes] = [debtWei + priceWei, debtBytes + lengthBytes]
          expect(debtBytes).toBeLessThanOrEqual(creditBytes)
          expect(spentWei).toBeLessThanOrEqual(lockedWei)
        }
      }),
    )
  })

  it('asks for exactly the total that it then takes', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decideService(given)
        if (decision.kind !== 'due') return
        const unlimited = { otherUnredeemedWei: 0n, lockedWei: 10n ** 30n }
        const paid = { ...given, cumulativeWei: decision.dueCumulativeWei, ...unlimited }
        expect(decideService(paid).kind).toBe('paid')
      }),
    )
  })
})

describe('prices and fees', () => {
  it('round against the one who pays them, by less than one wei', () => {
    fc.assert(
      fc.property(fc.nat(17 * 1024 * 1024), wei, (bytes, price) => {
        const charged = priceOfRangeRoundedUp(bytes, price) * 1024n * 1024n
        const exact = BigInt(bytes) * price
        expect(charged >= exact && charged - exact < 1024n * 1024n).toBe(true)
      }),
    )
    expect(feeInTokenWei(100n, 3n, 7n)).toBe((300n * 10n ** 18n + 6n) / 7n)
    expect(feeInTokenWei(100n, 3n, 0n)).toBe(0n)
  })
})

describe('2.2 a node redeems', () => {
  const calm = { nowSeconds: 1000, thawEndsAtSeconds: null, expirySeconds: 10_000_000 }

  it.each([
    ['a fee of a tenth', { ...calm, valueWei: 1000n, feeWei: 100n }, true],
    ['a fee above a tenth', { ...calm, valueWei: 1000n, feeWei: 101n }, false],
    ['a high fee while the lock thaws', { ...calm, valueWei: 1000n, feeWei: 900n, thawEndsAtSeconds: 2000 }, true],
    [
      'a fee above the value while the lock thaws',
      { ...calm, valueWei: 10n, feeWei: 11n, thawEndsAtSeconds: 2000 },
      false,
    ],
    [
      'a high fee shortly before the voucher expires',
      { ...calm, valueWei: 1000n, feeWei: 900n, expirySeconds: 1500 },
      true,
    ],
    ['a voucher that has expired', { ...calm, valueWei: 1000n, feeWei: 1n, expirySeconds: 1000 }, false],
    ['nothing', { ...calm, valueWei: 0n, feeWei: 0n }, false],
  ])('%s', (_name, given, expected) => {
    expect(shouldRedeem(given)).toBe(expected)
  })
})
