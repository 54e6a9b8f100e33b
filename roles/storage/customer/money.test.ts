import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pieceLength } from '../protocol/segments.ts'
import { addedRateRoundedDown, planDeposit, retrievalCostRoundedUp } from './plan-deposit.ts'
import { creditBytes, decideService, priceOfRangeRoundedUp } from '../../vouchers/index.ts'
import { neededByNode, planRefill } from './refill-locks.ts'

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

  it('pay for a piece also where its home has served the whole credit on trust and asks for that first', () => {
    const node = `0x${'a'.repeat(40)}`
    const piece = { index: 0, node, operator: node, root: new Uint8Array(32) }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 * creditBytes }),
        fc.integer({ min: 1, max: creditBytes }),
        fc.bigInt({ min: 0n, max: 10n ** 18n }),
        wei,
        (bytes, debtBytes, price, availableWei) => {
          const needed = neededByNode({ bytes, k: 1, n: 1, segments: [{ pieces: [piece] }] }, new Map([[node, price]]))
          const lengthBytes = pieceLength(bytes, 1)
          const priceWei = priceOfRangeRoundedUp(lengthBytes, price)
          const debtWei = priceOfRangeRoundedUp(debtBytes, price)
          const open = { availableWei, redeemedWei: 0n, issuedWei: 0n }
          const lockedWei = availableWei + planRefill({ ...open, neededWei: needed.get(node)! })
          const lane = { spentWei: 0n, redeemedWei: 0n, otherUnredeemedWei: 0n, cumulativeWei: debtWei + priceWei }
          const asked = { lengthBytes, priceWei, debtWei, debtBytes, creditBytes: 0 }
          expect(decideService({ ...lane, ...asked, lockedWei })).toEqual({ kind: 'paid' })
        },
      ),
    )
  })

  it('rounds what retrieval costs up', () => {
    expect(retrievalCostRoundedUp(1, 5n)).toBe(1n)
    expect(retrievalCostRoundedUp(1024 * 1024, 5n)).toBe(5n)
    expect(retrievalCostRoundedUp(1024 * 1024 + 1, 5n)).toBe(6n)
  })
})
