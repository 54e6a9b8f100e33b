import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendRange, foldRanges, pendingSizes, restoreRanges, type RangeSum } from './add-sums.ts'

const pixels = 3
const block = fc.array(fc.float({ noNaN: true, min: 0, max: Math.fround(1e6) }), {
  minLength: pixels,
  maxLength: pixels,
})

const append = (pending: RangeSum[], values: readonly number[]): RangeSum[] =>
  appendRange(pending, { blockCount: 1, sums: Float32Array.from(values) })

function whole(blocks: readonly (readonly number[])[]): Float32Array<ArrayBuffer> {
  return foldRanges(blocks.reduce(append, [] as RangeSum[]))!
}

/** Cuts [0, count) at random into aligned ranges of a power of two. */
function splitAligned(count: number, choose: (most: number) => number): { first: number; size: number }[] {
  const ranges: { first: number; size: number }[] = []
  for (let first = 0; first < count;) {
    let largest = 1
    while (first % (largest * 2) === 0 && first + largest * 2 <= count) largest *= 2
    const size = 2 ** choose(Math.log2(largest))
    ranges.push({ first, size })
    first += size
  }
  return ranges
}

describe('sums of blocks', () => {
  it('come out bit for bit the same however the blocks are split into aligned ranges', () => {
    const blocks = fc.array(block, { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(blocks, fc.gen(), (all, gen) => {
        const ranges = splitAligned(all.length, (most) => gen(fc.nat, { max: most }))
        const parts = ranges.map(({ first, size }) => ({
          blockCount: size,
          sums: whole(all.slice(first, first + size)),
        }))
        const joined = foldRanges(parts.reduce(appendRange, [] as RangeSum[]))!
        expect(new Uint32Array(joined.buffer)).toEqual(new Uint32Array(whole(all).buffer))
      }),
    )
  })

  it('go on from a checkpoint as if nothing had happened', () => {
    const blocks = fc.array(block, { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(blocks, fc.nat(), (all, at) => {
        const done = 1 + (at % (all.length - 1))
        const before = all.slice(0, done).reduce(append, [] as RangeSum[])
        const restored = restoreRanges(
          done,
          before.map((range) => range.sums),
        )
        expect(foldRanges(all.slice(done).reduce(append, restored))).toEqual(whole(all))
      }),
    )
  })

  it('depend on the order, which is why it is fixed', () => {
    const [large, small] = [[16_777_216], [1]]
    const inOrder = whole([large, small, small, small])
    const allOneAfterTheOther = Math.fround(Math.fround(Math.fround(16_777_216 + 1) + 1) + 1)
    expect(inOrder[0]).not.toBe(allOneAfterTheOther)
  })

  it('are pending as the digits of a binary number', () => {
    expect(pendingSizes(0)).toEqual([])
    expect(pendingSizes(1)).toEqual([1])
    expect(pendingSizes(13)).toEqual([8, 4, 1])
  })

  it('are refused where they do not fit', () => {
    const one = { blockCount: 1, sums: new Float32Array(pixels) }
    expect(() => appendRange([one], { blockCount: 2, sums: new Float32Array(pixels) })).toThrow('cannot follow')
    expect(() => appendRange([], { blockCount: 3, sums: new Float32Array(pixels) })).toThrow('cannot follow')
    expect(() => appendRange([one], { blockCount: 1, sums: new Float32Array(1) })).toThrow('same pixels')
    expect(() => restoreRanges(3, [new Float32Array(pixels)])).toThrow('holds 2 sums')
  })
})
