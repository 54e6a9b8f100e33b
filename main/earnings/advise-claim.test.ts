import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adviseClaim, claimGas, type ClaimFacts } from './advise-claim.ts'

const token = 10n ** 18n
const dayMs = 86_400_000
const facts = (given: Partial<ClaimFacts> = {}): ClaimFacts => ({
  claimableWei: 100n * token,
  gasWei: 10n ** 15n,
  nativeWeiPerToken: 10n ** 15n,
  ownMinimumMicro: 0n,
  paceWeiPerDay: token,
  dayMs,
  nowMs: 1_000,
  ...given,
})

test('the gas of a claim is a measured one', () => {
  expect(claimGas).toBeGreaterThan(60_000n)
  expect(claimGas).toBeLessThan(400_000n)
})

test('says each of the five verdicts where it is due', () => {
  const verdict = (given: Partial<ClaimFacts>) => adviseClaim(facts(given)).verdict
  expect(verdict({})).toBe('worthIt')
  // Gas for one token: a claim of four is just worth it, below that more than a quarter would go.
  expect(verdict({ claimableWei: 4n * token })).toBe('worthIt')
  expect(verdict({ claimableWei: 4n * token - 10n ** 12n })).toBe('tooDear')
  expect(verdict({ ownMinimumMicro: 100_000_001n })).toBe('belowOwnMinimum')
  expect(verdict({ nativeWeiPerToken: 0n })).toBe('unknownRate')
  // Less than a millionth of a token cannot be named in a sentence.
  expect(verdict({ claimableWei: 10n ** 12n - 1n })).toBe('nothing')
})

test('names the date from which gas is a twentieth, at the present pace', () => {
  // Gas of one token is a twentieth of twenty; ten are there and one comes a day.
  expect(adviseClaim(facts({ claimableWei: 10n * token })).breakEvenAtMs).toBe(1_000 + 10 * dayMs)
  expect(adviseClaim(facts()).breakEvenAtMs).toBeNull()
  expect(adviseClaim(facts({ claimableWei: token, paceWeiPerDay: 0n })).breakEvenAtMs).toBeNull()
  expect(adviseClaim(facts({ claimableWei: token, paceWeiPerDay: 1n })).breakEvenAtMs).toBeNull()
  expect(adviseClaim(facts({ nativeWeiPerToken: 0n })).breakEvenAtMs).toBeNull()
})

test('waiting until the date that it names makes gas a twentieth, and a day less does not', () => {
  const amount = fc.bigInt({ min: 10n ** 12n, max: 10n ** 24n })
  fc.assert(
    fc.property(amount, amount, amount, (claimableWei, gasInToken, paceWeiPerDay) => {
      const given = facts({ claimableWei, gasWei: gasInToken / 1_000n, paceWeiPerDay })
      const advice = adviseClaim(given)
      const gasWei = BigInt(advice.gasInTokenWei!)
      if (advice.breakEvenAtMs === null) return
      const grown = (ms: number) => claimableWei + (paceWeiPerDay * BigInt(ms)) / BigInt(dayMs)
      const waitMs = advice.breakEvenAtMs - given.nowMs
      if (waitMs > 2 ** 50) return
      expect(grown(waitMs) >= gasWei * 20n - 1n).toBe(true)
      expect(grown(waitMs - dayMs) < gasWei * 20n).toBe(true)
    }),
  )
})
