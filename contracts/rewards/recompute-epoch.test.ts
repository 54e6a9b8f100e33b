import fc from 'fast-check'
import { expect, test } from 'vitest'
import { burnedOfPaid, ceilingGwei, epochsPerHalving, type Payment, recomputeEpoch, weiPerGwei } from './index.ts'

const roles = [0, 1, 2, 3, 4]
const payment: fc.Arbitrary<Payment> = fc.record({
  operator: fc.constantFrom('ada', 'ben', 'cem', 'dot'),
  role: fc.constantFrom(...roles),
  epoch: fc.integer({ min: 1, max: 4 }),
  burnedWei: fc.oneof(fc.bigInt({ min: 0n, max: 3n * weiPerGwei }), fc.bigInt({ min: 0n, max: 10n ** 24n })),
})
const history = fc
  .array(payment, { maxLength: 60 })
  .map((list) => list.toSorted((left, right) => left.epoch - right.epoch))
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)

test('shares stay under the ceiling of their role, and what is left lapses', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 4 }), (payments, epoch) => {
      const { mintedWei, lapsedWei } = recomputeEpoch(payments, epoch)
      for (const role of roles) {
        expect(mintedWei[role]! + lapsedWei[role]!).toBe(ceilingGwei(role, epoch) * weiPerGwei)
        expect(lapsedWei[role]).toBeGreaterThanOrEqual(0n)
      }
    }),
  )
})

test('what is minted covers the shares, and less than a gwei of each is left over', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 4 }), (payments, epoch) => {
      const { mintedWei, dustWei, shares } = recomputeEpoch(payments, epoch)
      for (const role of roles) {
        const ofRole = shares.filter((one) => one.role === role && one.weightWei > 0n)
        expect(sum(ofRole.map((one) => one.shareWei)) + dustWei[role]!).toBe(mintedWei[role])
        const most = ofRole.length === 0 ? 0n : BigInt(ofRole.length - 1) * weiPerGwei
        expect(dustWei[role]! >= 0n && dustWei[role]! <= most).toBe(true)
      }
    }),
  )
})

test('over all epochs nobody gets more than nine tenths of what was burned on his work, dust or not', () => {
  fc.assert(
    fc.property(history, (payments) => {
      const shares = [1, 2, 3, 4].flatMap((epoch) => recomputeEpoch(payments, epoch).shares)
      for (const operator of ['ada', 'ben', 'cem', 'dot']) {
        const got = sum(shares.filter((one) => one.operator === operator).map((one) => one.shareWei))
        const burned = sum(payments.filter((one) => one.operator === operator).map((one) => one.burnedWei))
        expect(got * 10n).toBeLessThanOrEqual(burned * 9n)
      }
    }),
  )
})

test('payments of later epochs change nothing', () => {
  fc.assert(
    fc.property(history, (payments) => {
      const until = payments.filter((one) => one.epoch <= 2)
      expect(recomputeEpoch(payments, 2)).toEqual(recomputeEpoch(until, 2))
    }),
  )
})

test('ceilings halve every two years of days and are those of the table', () => {
  expect(roles.map((role) => ceilingGwei(role, 1) / weiPerGwei)).toEqual([27_200n, 20_400n, 6_800n, 6_800n, 6_800n])
  expect(ceilingGwei(0, epochsPerHalving)).toBe(ceilingGwei(0, 1))
  expect(ceilingGwei(0, epochsPerHalving + 1)).toBe(ceilingGwei(0, 1) / 2n)
  expect(ceilingGwei(5, 1)).toBe(0n)
  expect([0n, 1n, 20n, 21n].map(burnedOfPaid)).toEqual([0n, 1n, 1n, 2n])
})

test('a hundred thousand payments of a thousand operators add up', () => {
  const payments = Array.from({ length: 100_000 }, (_, index) => ({
    operator: `operator ${index % 1000}`,
    role: index % 5,
    epoch: 1 + Math.floor(index / 50_000),
    burnedWei: BigInt(index + 1) * 10n ** 9n,
  }))
  const { burnedWei, shares } = recomputeEpoch(payments, 2)
  expect(sum(burnedWei)).toBe(sum(payments.slice(50_000).map((one) => one.burnedWei)))
  expect(shares.length).toBe(1000)
})
