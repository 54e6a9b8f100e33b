import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostPay, stakeTaken } from './disk-loss.ts'

const stake = (tokens: bigint, faultsInWindow = 0) => ({ provisionWei: String(tokens * 10n ** 18n), faultsInWindow })

test('the first two faults of a window cost no stake, each further one a hundredth', () => {
  expect([0, 1, 2, 3, 5].map((faults) => stakeTaken(stake(100n), faults) / 10n ** 18n)).toEqual([0n, 0n, 0n, 1n, 3n])
  expect(stakeTaken(stake(100n, 1), 2)).toBe(10n ** 18n)
  expect(stakeTaken(stake(100n, 7), 2)).toBe(2n * 10n ** 18n)
})

test('never more than a tenth of the stake goes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.nat(1_000), fc.nat(1_000), (tokens, before, faults) => {
      expect(stakeTaken(stake(tokens, before), faults)).toBeLessThanOrEqual((tokens * 10n ** 18n) / 10n)
    }),
  )
})

test('the pay that is named is that of the dearest contracts, so that it is never too little', () => {
  const sets = ['3', '9', '1'].map((periodPayWei) => ({ periodPayWei }))
  expect([0, 1, 2, 5].map((customers) => mostPay(sets, customers))).toEqual([0n, 9n, 12n, 13n])
})
