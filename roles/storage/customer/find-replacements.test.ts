import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Offer } from './find-providers.ts'
import { replacementsFor } from './find-replacements.ts'

const offer = (fields: Partial<Offer> & { node: string }): Offer => ({
  operator: `operator of ${fields.node}`,
  peerId: fields.node,
  boundAtSeconds: 0,
  pricePerGiBPeriodWei: 100n,
  retrievalPricePerMiBWei: 1n,
  minimumBytesPerSecond: 0,
  prefix: `prefix of ${fields.node}`,
  freeBytes: 1_000,
  taking: true,
  answeredInMs: 1,
  ...fields,
})

const rulesFor = (offers: readonly Offer[]) => ({
  neededBytes: 1_000,
  newOperatorSeconds: 100,
  nowSeconds: 1_000,
  mustInclude: [],
  usualPrices: offers,
  random: () => 0.5,
})

const names = (offers: readonly Offer[]): string[] => offers.map((one) => one.node)

describe('the homes that take over a lost piece', () => {
  it('share neither node nor owner nor network with those that hold the segment', () => {
    const small = fc.integer({ min: 0, max: 5 })
    const homes = fc.uniqueArray(fc.record({ node: fc.integer({ min: 0, max: 30 }), owner: small, network: small }), {
      selector: (home) => home.node,
      maxLength: 25,
    })
    fc.assert(
      fc.property(homes, fc.array(fc.nat({ max: 24 }), { maxLength: 6 }), (all, picks) => {
        const offers = all.map(({ node, owner, network }) =>
          offer({ node: `${node}`, operator: `${owner}`, prefix: `${network}` }),
        )
        const holders = picks.flatMap((pick) => offers[pick] ?? [])
        const found = replacementsFor(
          { offers, rules: rulesFor(offers) },
          { holders, missing: 3, excluded: new Set(['7']) },
        )
        for (const key of ['node', 'operator', 'prefix'] as const) {
          const chosen = found.map((one) => one[key])
          expect(new Set(chosen).size).toBe(chosen.length)
          for (const holder of holders) expect(chosen).not.toContain(holder[key])
        }
        expect(names(found)).not.toContain('7')
      }),
    )
  })

  it('cannot be a single home that asks for a trap price', () => {
    const holders = ['a', 'b', 'c'].map((node) => offer({ node }))
    const offers = [...holders, offer({ node: 'trap', pricePerGiBPeriodWei: 10_000n })]
    expect(replacementsFor({ offers, rules: rulesFor(offers) }, { holders, missing: 1, excluded: new Set() })).toEqual(
      [],
    )
  })

  it('are new operators beyond one only when there are too few others', () => {
    const offers = [offer({ node: 'old' }), ...['n1', 'n2'].map((node) => offer({ node, boundAtSeconds: 990 }))]
    const all = { offers, rules: rulesFor(offers) }
    expect(replacementsFor(all, { holders: [], missing: 2, excluded: new Set() })).toHaveLength(2)
    expect(replacementsFor(all, { holders: [], missing: 3, excluded: new Set() })).toHaveLength(3)
  })
})
