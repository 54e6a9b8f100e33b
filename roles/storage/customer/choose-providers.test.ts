import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseProviders, type ChoiceRules } from './choose-providers.ts'
import type { Offer } from './find-providers.ts'

const nowSeconds = 2_000_000_000

function offerOf(number: number, change: Partial<Offer> = {}): Offer {
  return {
    node: `0xA${number}`,
    operator: `0xB${number}`,
    peerId: `peer${number}`,
    prefix: `prefix ${number}`,
    boundAtSeconds: 0,
    freeBytes: 1000,
    taking: true,
    pricePerGiBPeriodWei: 100n,
    retrievalPricePerMiBWei: 1n,
    minimumBytesPerSecond: 1,
    answeredInMs: 5,
    ...change,
  }
}

const rules: ChoiceRules = { neededBytes: 500, newOperatorSeconds: 100, nowSeconds, mustInclude: [], random: () => 0.5 }

describe('choosing providers', () => {
  it('takes one per operator and one per prefix, whatever is offered', () => {
    const offers = fc.array(fc.tuple(fc.nat(40), fc.nat(8), fc.nat(8)), { maxLength: 40 })
    fc.assert(
      fc.property(offers, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (drawn, chances) => {
        const all = drawn.map(([node, operator, prefix], index) =>
          offerOf(index, { node: `0x${node}`, operator: `0x${operator}`, prefix: `${prefix}` }),
        )
        const { ordered } = chooseProviders(all, { ...rules, random: () => chances.next().value })
        expect(new Set(ordered.map((offer) => offer.operator)).size).toBe(ordered.length)
        expect(new Set(ordered.map((offer) => offer.prefix)).size).toBe(ordered.length)
      }),
    )
  })

  it('leaves out the full, the paused and the far too dear, and counts why', () => {
    const offers = [
      offerOf(1),
      offerOf(2, { taking: false }),
      offerOf(3, { freeBytes: 499 }),
      offerOf(4, { pricePerGiBPeriodWei: 401n }),
      offerOf(5, { pricePerGiBPeriodWei: 400n }),
      offerOf(6, { operator: '0xB1' }),
      offerOf(7, { prefix: 'prefix 5' }),
    ]
    const { ordered, leftOut } = chooseProviders(offers, rules)
    expect(ordered.map((offer) => offer.node)).toEqual(['0xA1', '0xA5'])
    expect(leftOut).toEqual({ notTaking: 1, full: 1, dear: 1, sameOperator: 1, samePrefix: 1 })
  })

  it('puts those that must be included first, even before a rival on the same prefix, in any casing', () => {
    const offers = [offerOf(1), offerOf(2), offerOf(3, { prefix: 'prefix 1' })]
    const { ordered } = chooseProviders(offers, { ...rules, mustInclude: ['0xa3'], random: () => 0.9 })
    expect(ordered.map((offer) => offer.node)).toEqual(['0xA3', '0xA2'])
  })

  it('lets in a single operator that is new, so that a flood of new Sybils gets one piece of a segment', () => {
    const fresh = { boundAtSeconds: nowSeconds - 99 }
    const offers = [offerOf(1), ...[2, 3, 4, 5].map((number) => offerOf(number, fresh)), offerOf(6)]
    const { ordered, newcomers } = chooseProviders(offers, rules)
    expect(ordered.map((offer) => offer.node)).toEqual(['0xA1', '0xA2', '0xA6'])
    expect(newcomers.map((offer) => offer.node)).toEqual(['0xA3', '0xA4', '0xA5'])
  })

  it('prefers better reputations, tries newcomers, and takes the bad last', () => {
    const offers = Array.from({ length: 30 }, (_, index) => offerOf(index))
    const scores = new Map(offers.map(({ node }, index) => [node, index < 10 ? 85 : index < 20 ? 50 : 15]))
    const scoreOf = (node: string): number => scores.get(node) ?? 50
    const taken = { 85: 0, 50: 0, 15: 0 }
    let state = 1
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    for (let round = 0; round < 2_000; round++) {
      const { ordered } = chooseProviders(offers, { ...rules, random, scoreOf })
      expect(ordered).toHaveLength(30)
      for (const { node } of ordered.slice(0, 10)) taken[scoreOf(node) as keyof typeof taken]++
    }
    expect(taken[85] / 20_000).toBeGreaterThan(0.6)
    expect(taken[50] / 20_000).toBeGreaterThan(0.15)
    expect(taken[15] / 20_000).toBeLessThan(0.01)
  })

  it('keeps whom the caller insists on first, whatever is said of them', () => {
    const offers = Array.from({ length: 9 }, (_, index) => offerOf(index))
    const scoreOf = (node: string): number => (node === '0xA4' ? 0 : 90)
    const { ordered } = chooseProviders(offers, { ...rules, mustInclude: ['0xA4'], scoreOf })
    expect(ordered[0]!.node).toBe('0xA4')
  })
})

describe('5.8 who wants more than one piece of a segment', () => {
  const honest = Array.from({ length: 20 }, (_, index) => offerOf(index))
  /** By random order, so that no luck with the order counts. */
  const chosenOf = (attackers: readonly Offer[]) => {
    const { ordered } = chooseProviders([...attackers, ...honest], { ...rules, random: Math.random })
    return ordered.filter((offer) => attackers.includes(offer)).length
  }

  it('gets one with fifty machines of one owner', () => {
    const sybils = Array.from({ length: 50 }, (_, index) => offerOf(100 + index, { operator: '0xEvil' }))
    for (let run = 0; run < 50; run++) expect(chosenOf(sybils)).toBe(1)
  })

  it('gets one with fifty owners in one network', () => {
    const sybils = Array.from({ length: 50 }, (_, index) => offerOf(100 + index, { prefix: 'one cellar' }))
    for (let run = 0; run < 50; run++) expect(chosenOf(sybils)).toBe(1)
  })

  it('gets one with fifty owners in fifty networks that were all made this month', () => {
    const sybils = Array.from({ length: 50 }, (_, index) => offerOf(100 + index, { boundAtSeconds: nowSeconds - 99 }))
    for (let run = 0; run < 50; run++) expect(chosenOf(sybils)).toBe(1)
  })
})
