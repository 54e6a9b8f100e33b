import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseHeirs, nextBatch, type Candidate } from './plan-leave.ts'

describe('leaving a set in batches', () => {
  it('takes the first pieces that are there, without a gap, until none is left', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.integer({ min: 1, max: 40 }), (removed, most) => {
        let pieces = removed.map((gone, index) => ({ index, removed: gone }))
        const handed: number[] = []
        for (;;) {
          const batch = nextBatch(pieces, most)
          if (batch === null) break
          expect(batch.pieces.length).toBeGreaterThan(0)
          expect(batch.pieces.length).toBeLessThanOrEqual(most)
          expect(batch.pieces.map((piece) => piece.index)).toEqual(batch.pieces.map((_, at) => batch.first + at))
          handed.push(...batch.pieces.map((piece) => piece.index))
          pieces = pieces.map((piece) => ({ ...piece, removed: piece.removed || handed.includes(piece.index) }))
        }
        expect(handed).toEqual(removed.flatMap((gone, index) => (gone ? [] : [index])))
      }),
    )
  })
})

describe('choosing an heir', () => {
  const rules = {
    leaver: '0xL',
    leaverOperator: '0xO',
    holders: new Set(['0xheld', '0xheldoperator']),
    neededBytes: 100,
    pricePerGiBPeriodWei: 10n,
  }
  const good: Candidate = {
    node: '0xA',
    operator: '0xB',
    taking: true,
    freeBytes: 1000,
    pricePerGiBPeriodWei: 10n,
  }

  it('5.8 never brings two pieces of a customer to one operator', () => {
    const others = [
      { ...good, node: '0xHELD' },
      { ...good, operator: '0xHeldOperator' },
      { ...good, node: '0xl' },
      { ...good, operator: '0xo' },
    ]
    expect(chooseHeirs([...others, good], rules)).toEqual([good])
  })

  it('asks nobody who is full, dearer or takes nothing, and those with most room first', () => {
    const roomy = { ...good, node: '0xR', operator: '0xS', freeBytes: 5000 }
    const others = [
      { ...good, taking: false },
      { ...good, freeBytes: 99 },
      { ...good, pricePerGiBPeriodWei: 11n },
    ]
    expect(chooseHeirs([good, ...others, roomy], rules)).toEqual([roomy, good])
  })
})
