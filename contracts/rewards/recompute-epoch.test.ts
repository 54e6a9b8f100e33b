import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  burnedOfPaid,
  ceilingGwei,
  type EpochShare,
  epochsPerHalving,
  type Payment,
  recomputeEpoch,
  shareGwei,
  weighPayments,
  weiPerGwei,
} from './index.ts'

const roles = [0, 1, 2, 3, 4]
/** Two that differ in their last digit, two in their first, and one in letters. */
const operators = [
  `0x${'0'.repeat(39)}1`,
  `0x${'0'.repeat(39)}2`,
  `0x1${'0'.repeat(38)}1`,
  `0xf${'0'.repeat(38)}1`,
  `0x${'abcdef'.repeat(6)}abcd`,
]
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n * weiPerGwei }),
  fc.bigInt({ min: 0n, max: 10n ** 24n }),
  fc.constantFrom(2n ** 32n - 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 87n - 1n),
)
const payment: fc.Arbitrary<Payment> = fc.record({
  operator: fc.constantFrom(...operators),
  role: fc.constantFrom(...roles),
  epoch: fc.integer({ min: 1, max: 4 }),
  burnedWei: amount,
})
const history = fc
  .array(payment, { maxLength: 60 })
  .map((list) => list.toSorted((left, right) => left.epoch - right.epoch))
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)

/** The rules as plainly as they can be written: every weight on its own, then every share. */
function recomputePlainly(payments: readonly Payment[], epoch: number): EpochShare[] {
  const weights = weighPayments(payments).filter((weight) => weight.epoch === epoch)
  return weights.map(({ operator, role, weightGwei }) => {
    const totalGwei = sum(weights.filter((one) => one.role === role).map((one) => one.weightGwei))
    const share = shareGwei({ role, epoch, weightGwei, totalGwei })
    return { operator, role, weightWei: weightGwei * weiPerGwei, shareWei: share * weiPerGwei }
  })
}

function inOrder(shares: Iterable<EpochShare>): EpochShare[] {
  return [...shares].toSorted((left, right) => left.role - right.role || (left.operator < right.operator ? -1 : 1))
}

test('the shares are those of the plain rules, to the wei', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 4 }), (payments, epoch) => {
      const recomputed = recomputeEpoch([payments], epoch)
      const plainly = inOrder(recomputePlainly(payments, epoch))
      expect(inOrder(recomputed.shares())).toEqual(plainly)
      expect(recomputed.shareCount).toBe(plainly.length)
      for (const role of roles) {
        const ofRole = plainly.filter((one) => one.role === role)
        expect(recomputed.burnedWei[role]).toBe(sum(ofRole.map((one) => one.weightWei)))
        expect(recomputed.mintedWei[role]! - recomputed.dustWei[role]!).toBe(sum(ofRole.map((one) => one.shareWei)))
      }
    }),
    { numRuns: 500 },
  )
})

test('neither the order of payments matters nor how they are spread over pages', () => {
  fc.assert(
    fc.property(history, fc.nat({ max: 60 }), (payments, cut) => {
      const pages = [payments.slice(cut).toReversed(), [], payments.slice(0, cut)]
      expect(inOrder(recomputeEpoch(pages, 2).shares())).toEqual(inOrder(recomputeEpoch([payments], 2).shares()))
    }),
  )
})

test('shares stay under the ceiling of their role, and what is left lapses', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 4 }), (payments, epoch) => {
      const { mintedWei, lapsedWei } = recomputeEpoch([payments], epoch)
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
      const { mintedWei, dustWei, shares } = recomputeEpoch([payments], epoch)
      const all = [...shares()]
      for (const role of roles) {
        const ofRole = all.filter((one) => one.role === role && one.weightWei > 0n)
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
      const shares = [1, 2, 3, 4].flatMap((epoch) => [...recomputeEpoch([payments], epoch).shares()])
      for (const operator of operators) {
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
      const [all, early] = [recomputeEpoch([payments], 2), recomputeEpoch([until], 2)]
      expect([...all.shares()]).toEqual([...early.shares()])
      expect(all.lapsedWei).toEqual(early.lapsedWei)
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

test('a hundred thousand payments of thousands of operators add up', () => {
  const payments = Array.from({ length: 100_000 }, (_, index) => ({
    operator: `0x${(((index % 7000) + 1) * 0x10001).toString(16).padStart(40, '0')}`,
    role: index % 5,
    epoch: 1 + Math.floor(index / 50_000),
    burnedWei: BigInt(index + 1) * 10n ** 9n,
  }))
  const { burnedWei, shareCount, shares } = recomputeEpoch([payments], 2)
  expect(sum(burnedWei)).toBe(sum(payments.slice(50_000).map((one) => one.burnedWei)))
  expect(shareCount).toBe(7000)
  expect(inOrder(shares())).toEqual(inOrder(recomputePlainly(payments, 2)))
})

test('operators are told apart whatever the case of their digits', () => {
  const [lower, upper] = [operators[4]!, `0x${operators[4]!.slice(2).toUpperCase()}`]
  const paid = { role: 0, epoch: 1, burnedWei: weiPerGwei }
  const page = [
    { ...paid, operator: lower },
    { ...paid, operator: upper },
  ]
  const shares = [...recomputeEpoch([page], 1).shares()]
  expect(shares.map(({ operator, weightWei }) => [operator, weightWei])).toEqual([[lower, 2n * weiPerGwei]])
})

test('what no contract can have said is refused', () => {
  const good: Payment = { operator: operators[0]!, role: 0, epoch: 1, burnedWei: 1n }
  const recompute = (...bad: Partial<Payment>[]) => recomputeEpoch([bad.map((one) => ({ ...good, ...one }))], 1)
  for (const operator of [
    '',
    'ada',
    '0x12',
    good.operator.slice(2),
    `0x${'g'.repeat(40)}`,
    `0X${'0'.repeat(40)}`,
    `0x${'\u0130'.repeat(40)}`,
  ])
    expect(() => recompute({ operator })).toThrow(/not an address/)
  for (const role of [-1, 5, 0.5, NaN]) expect(() => recompute({ role })).toThrow(/Role/)
  for (const burnedWei of [-1n, 2n ** 93n]) expect(() => recompute({ burnedWei })).toThrow(/beyond what can be burned/)
  const most = { burnedWei: 2n ** 93n - 1n }
  expect(() => recompute(most, { burnedWei: 1n })).toThrow(/sum up beyond/)
  expect(() => recompute(most)).not.toThrow()
})
