import { afterAll, beforeAll, expect, it } from 'vitest'
import { compareSentences } from '../../script/testing/compare-sentences.ts'
import { startTestChain, type TestChain } from '../../script/testing/practice-chain.ts'

/** Random arguments of a run, over all kinds and both kinds of network; `npm run bench sentences` takes 100,000. */
const count = 3000

let chains: TestChain[]

beforeAll(async () => {
  chains = await Promise.all([startTestChain(), startTestChain({ profile: 'real' })])
}, 30_000)

afterAll(async () => {
  await Promise.all(chains.map((test) => test.stop()))
})

it('the text that Solidity rebuilds is ours byte for byte, can be read back, and pages as devices need it', async () => {
  const { compared, byKind, faults, examples } = await compareSentences(chains, count, Math.random)
  expect({ faults, examples }).toEqual({ faults: {}, examples: [] })
  expect(compared).toBe(count)
  for (const times of Object.values(byKind)) expect(times).toBeGreaterThan(count / 9)
}, 60_000)
