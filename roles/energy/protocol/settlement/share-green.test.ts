import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomFrom, wholeFrom } from '../testing/random-markets.ts'
import { sampleDay, sampleTariff, type SampleDay } from '../testing/sample-day.ts'
import { netAmounts } from './settle-day.ts'
import { certifyAndShare, type MeteredGeneration } from './share-green.ts'

/** Meters of all who sold something, which made somewhat more or less than they exported. */
function metersOf({ record, readings }: SampleDay, seed: number): MeteredGeneration[] {
  const random = randomFrom(seed)
  const nodes = [...new Set(record.entries.filter(({ line }) => line.side === 'sell').map(({ line }) => line.node))]
  return nodes.map((node, index) => {
    const slots = readings
      .filter(({ reading }) => reading.node === node)
      .map(({ reading: { slot, exportWh } }) => ({
        slot,
        exportWh,
        generationWh: Math.floor(exportWh * (0.6 + random())),
        counts: random() < 0.9,
      }))
    const made = slots.reduce((sum, { generationWh }) => sum + generationWh, 0)
    const meter = `0x${(index + 1).toString(16).padStart(64, '0')}`
    const toRegisterWh = 1000 + Math.max(0, made - wholeFrom(random, 0, 50))
    return { node, meter, fromRegisterWh: 1000, toRegisterWh, slots, certifiedUpToWh: 1000 }
  })
}

describe('certificates of a day', () => {
  it('go along with the trades: money sums to zero, and what is held to what is certified', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        const day = sampleDay(seed, 7)
        const { nets } = certifyAndShare(day.record, sampleTariff, metersOf(day, seed))
        const sum = (of: (net: (typeof nets)[number]) => number): number => nets.reduce((all, net) => all + of(net), 0)
        expect(nets.reduce((all, { netWei }) => all + netWei, 0n)).toBe(0n)
        expect(sum(({ heldWh }) => heldWh)).toBe(sum(({ certifiedWh }) => certifiedWh))
        expect(nets.every(({ heldWh, certifiedWh }) => heldWh >= 0 && certifiedWh >= 0)).toBe(true)
        expect(nets.map(({ node }) => node)).toEqual(nets.map(({ node }) => node).toSorted((a, b) => (a < b ? -1 : 1)))
      }),
      { numRuns: 15 },
    )
  })

  it('reach buyers, and leave the money as it was', () => {
    const day = sampleDay(7, 12)
    const { nets, certified } = certifyAndShare(day.record, sampleTariff, metersOf(day, 1))
    expect(certified.length).toBeGreaterThan(3)
    expect(nets.some(({ certifiedWh, heldWh }) => heldWh > certifiedWh)).toBe(true)
    expect(nets.filter(({ netWei }) => netWei !== 0n).map(({ node, netWei }) => ({ node, netWei }))).toEqual(
      netAmounts(day.record),
    )
  })

  it('7.2 a meter that is certified already brings nothing, and says why', () => {
    const day = sampleDay(7, 12)
    const meters = metersOf(day, 1).map((one) => ({ ...one, certifiedUpToWh: 1001 }))
    const { certified, refused, nets } = certifyAndShare(day.record, sampleTariff, meters)
    expect(certified).toEqual([])
    expect(refused.map(({ sentence }) => sentence).join()).toContain('is certified up to 1001 Wh')
    expect(nets.every(({ heldWh }) => heldWh === 0)).toBe(true)
  })
})
