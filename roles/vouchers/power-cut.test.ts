import { describe, expect, it } from 'vitest'
import { cutVouchersEverywhere } from './testing/cut-voucher-store.ts'

/** The short form of `npm run bench power-cuts`. */
describe('a node’s vouchers when power is cut', () => {
  it('are those of the last commit, or of the one under way, and never a mixture', async () => {
    const { cuts, wrong } = await cutVouchersEverywhere(400, Math.random)
    expect(wrong).toEqual([])
    expect(cuts).toBeGreaterThanOrEqual(400)
  }, 60_000)
})
