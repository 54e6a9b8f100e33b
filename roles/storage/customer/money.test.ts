import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedRateRoundedDown, planDeposit, retrievalCostRoundedUp } from './plan-deposit.ts'
import { planRefill } from './refill-locks.ts'

const wei = fc.bigInt({ min: 0n, max: 10n ** 24n })

describe('escrow', () => {
  it('lasts for the wanted periods although a proof is paid in between', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 17 * 1024 * 1024 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(
        wei,
        wei,
        lengths,
        wei,
        fc.integer({ min: 30, max: 1000 }),
        (rateWei, escrowWei, addedBytes, price, periods) => {
          const depositWei = planDeposit({ rateWei, escrowWei, addedBytes, pricePerGiBPeriodWei: price, periods })
          const rate = rateWei + addedRateRoundedDown(addedBytes, price)
          const paid = escrowWei < rateWei ? escrowWei : rateWei
          expect(depositWei).toBeGreaterThanOrEqual(0n)
          expect(escrowWei - paid + depositWei).toBeGreaterThanOrEqual(rate * BigInt(periods) - (rateWei - paid))
          expect(escrowWei + depositWei).toBeGreaterThan(0n)
        },
      ),
    )
  })

  it('is computed by leaves as the contract does: one GiB at its price, one byte as one leaf', () => {
    expect(addedRateRoundedDown(Array<number>(64).fill(16 * 1024 * 1024), 1000n)).toBe(1000n)
    expect(addedRateRoundedDown([1], 2n ** 25n)).toBe(1n)
    expect(addedRateRoundedDown([33], 2n ** 25n)).toBe(2n)
  })
})

describe('locks', () => {
  it('are left alone while they cover what is open and what comes, else cover it twice', () => {
    fc.assert(
      fc.property(wei, wei, wei, wei, (availableWei, redeemedWei, openWei, neededWei) => {
        const issuedWei = redeemedWei + openWei
        const refill = planRefill({ availableWei, redeemedWei, issuedWei, neededWei })
        const free = availableWei + refill - openWei
        expect(free).toBeGreaterThanOrEqual(neededWei)
        if (availableWei - openWei >= neededWei) expect(refill).toBe(0n)
      }),
    )
  })

  it('rounds what retrieval costs up', () => {
    expect(retrievalCostRoundedUp(1, 5n)).toBe(1n)
    expect(retrievalCostRoundedUp(1024 * 1024, 5n)).toBe(5n)
    expect(retrievalCostRoundedUp(1024 * 1024 + 1, 5n)).toBe(6n)
  })
})
