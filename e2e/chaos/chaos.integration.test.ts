import { describe, expect, it } from 'vitest'
import { runChaos } from './run-chaos.ts'

/** The short form of `npm run bench chaos`, on a seed of its own each time; a failure prints it. */
describe('providers and a customer killed with -9 at random moments', () => {
  it('lose nothing that they acknowledged, count nothing twice, and their books agree to the wei', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const plan = ['put', 'get', 'put', 'proof', 'scrub', 'get'] as const
    const { wrong, kills, acknowledged, paidWei } = await runChaos({ kills: 12, providers: 16, seed, plan })
    expect(wrong, `seed ${seed}`).toEqual([])
    expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(12)
    expect(acknowledged.pieces).toBeGreaterThan(0)
    expect(paidWei).toBeGreaterThan(0n)
  }, 240_000)
})
