import { describe, expect, it } from 'vitest'
import { chart, curvesOf } from './curves.ts'

const scale = { files: 100, k: 8, n: 20, proofGas: 1e6, addPieceGas: 1e5, providers: 50, setsPerTransaction: 8 }

describe('the curves of a year', () => {
  it('give losses as a sum, traffic per byte and month, and work per day', () => {
    const month = { days: 30, lost: 1, repairs: 3, piecesMade: 24, provenSetDays: 30_000 }
    const [first, second] = curvesOf([month, { ...month, days: 15 }], scale)
    // Three repairs fetch eight pieces each and make eight each: six files' bytes for a hundred files.
    expect(first).toMatchObject({ month: 1, filesLostSoFar: 1, trafficPerByte: 0.06 })
    expect(first).toMatchObject({ transactionsPerDay: 50 * 3 + 2, billionGasPerDay: 1 })
    expect(second).toMatchObject({ month: 2, filesLostSoFar: 2, trafficPerByte: 0.12 })
  })

  it('are drawn in proportion', () => {
    expect(chart('x', [1, 2], 4)).toBe('x\n   1 ##   1\n   2 #### 2')
    expect(chart('none', [0], 4)).toBe('none\n   1      0')
  })
})
