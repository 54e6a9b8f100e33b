import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PieceEntry } from '../../../../contracts/client/index.ts'
import { planBatch } from './plan-batch.ts'

const piecesOf = (kinds: readonly ('held' | 'pending' | 'gone')[]): PieceEntry[] =>
  kinds.map((kind, index) => ({
    index,
    root: `0x${index}`,
    lengthBytes: 32,
    firstLeaf: index,
    leafCount: kind === 'gone' ? 0 : 1,
    removed: kind !== 'held',
  }))
const all = (): boolean => true
const indices = (batch: readonly PieceEntry[]): number[] => batch.map(({ index }) => index)

describe('the next pieces to hand over', () => {
  it('are those behind what went before', () => {
    expect(indices(planBatch(piecesOf(['gone', 'pending', 'held', 'held']), all))).toEqual([2, 3])
  })

  it('end where a piece is gone, since the contract takes unbroken runs', () => {
    expect(indices(planBatch(piecesOf(['held', 'held', 'gone', 'held']), all))).toEqual([0, 1])
  })

  it('leave out what cannot be read any more', () => {
    const batch = planBatch(piecesOf(['held', 'held', 'held']), (root) => root !== '0x0')
    expect(indices(batch)).toEqual([1, 2])
  })

  it('wait for the next period when 64 removals are under way', () => {
    expect(planBatch(piecesOf([...Array<'pending'>(64).fill('pending'), 'held']), all)).toEqual([])
    expect(planBatch(piecesOf([...Array<'pending'>(63).fill('pending'), 'held', 'held']), all)).toHaveLength(1)
  })

  it('are always an unbroken run of held pieces that the contract has room for', () => {
    const kind = fc.constantFrom('held' as const, 'pending' as const, 'gone' as const)
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 120 }), (kinds) => {
        const batch = planBatch(piecesOf(kinds), all)
        expect(batch.every((piece, at) => !piece.removed && piece.index === batch[0]!.index + at)).toBe(true)
        const pending = kinds.filter((one) => one === 'pending').length
        expect(batch.length + pending).toBeLessThanOrEqual(Math.max(64, pending))
        if (batch.length === 0) expect(pending >= 64 || !kinds.includes('held')).toBe(true)
      }),
    )
  })
})
