import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accruingWei } from './accruing.ts'

const set = fc.record({
  frozenPricePerPeriodWei: fc.bigInt({ min: 0n, max: 10n ** 24n }),
  escrowWei: fc.bigInt({ min: 0n, max: 10n ** 24n }),
  frozenLeafCount: fc.integer({ min: 0, max: 5 }),
  lastProvenPeriod: fc.option(fc.integer({ min: 1, max: 10 }), { nil: null }),
  ended: fc.boolean(),
})

test('accruing never exceeds what escrow and vouchers can pay after the burn', () => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 8 }), fc.bigInt({ min: 0n, max: 10n ** 24n }), (dataSets, unredeemedWei) => {
      const accruing = accruingWei({ unredeemedWei, dataSets, currentPeriod: 9 })
      const most = dataSets.reduce((sum, { escrowWei }) => sum + escrowWei, unredeemedWei)
      expect(accruing * 20n).toBeLessThanOrEqual(most * 19n)
      expect(accruing).toBeGreaterThanOrEqual(0n)
    }),
  )
})

test('a set that is proven, empty or ended accrues nothing more', () => {
  const open = {
    frozenPricePerPeriodWei: 100n,
    escrowWei: 1000n,
    frozenLeafCount: 3,
    lastProvenPeriod: 8,
    ended: false,
  }
  const at = (change: object) =>
    accruingWei({ unredeemedWei: 0n, dataSets: [{ ...open, ...change }], currentPeriod: 9 })
  expect(at({})).toBe(95n)
  expect(at({ lastProvenPeriod: 9 })).toBe(0n)
  expect(at({ frozenLeafCount: 0 })).toBe(0n)
  expect(at({ ended: true })).toBe(0n)
  expect(at({ escrowWei: 10n })).toBe(9n)
})
