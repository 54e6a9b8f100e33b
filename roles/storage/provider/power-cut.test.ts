import { describe, expect, it } from 'vitest'
import { cutEverywhere } from './testing/cut-piece-store.ts'

/** The short form of `npm run bench power-cuts`. */
describe('a provider whose power is cut', () => {
  it('has every acknowledged piece, whole, after a cut at each of its write boundaries', async () => {
    const { cuts, wrong } = await cutEverywhere(600, Math.random)
    expect(wrong).toEqual([])
    expect(cuts).toBeGreaterThanOrEqual(600)
  }, 120_000)
})
