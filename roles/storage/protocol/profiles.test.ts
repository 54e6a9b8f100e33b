import { expect, it } from 'vitest'
import { chooseProfile, minimumProviders, repairThreshold } from './profiles.ts'

it.each([
  [14, null],
  [15, '4/12+3'],
  [24, '4/12+3'],
  [25, '8/20+5'],
  [49, '8/20+5'],
  [50, '16/40+10'],
  [4000, '16/40+10'],
])('%i providers carry %s', (providers, expected) => {
  const found = chooseProfile(providers)
  expect(found ? `${found.k}/${found.n}+${found.uploads - found.n}` : null).toBe(expected)
})

it('repairs at k + (n - k) / 3 and needs fifteen providers', () => {
  expect([repairThreshold(4, 12), repairThreshold(8, 20), repairThreshold(16, 40)]).toEqual([6, 12, 24])
  expect(minimumProviders).toBe(15)
})
