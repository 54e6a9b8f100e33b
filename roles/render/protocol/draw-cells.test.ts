import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellsToCheck, drawCells } from './draw-cells.ts'

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('the cells that a customer looks at', () => {
  it('come in an order that only the secret tells, each once', () => {
    fc.assert(
      fc.property(secrets, secrets, fc.nat(9), fc.integer({ min: 64, max: 300 }), (secret, other, unit, count) => {
        const drawn = drawCells(secret, unit, count)
        expect([...drawn].sort((left, right) => left - right)).toEqual(
          Array.from({ length: count }, (_unused, index) => index),
        )
        expect(drawCells(secret, unit, count)).toEqual(drawn)
        expect(drawCells(secret, unit + 1, count)).not.toEqual(drawn)
        if (Buffer.compare(secret, other) !== 0) expect(drawCells(other, unit, count)).not.toEqual(drawn)
      }),
    )
  })

  it('come first with the same chance (chi square of 20,000 draws of 16)', () => {
    const firsts = new Array<number>(16).fill(0)
    for (let unit = 0; unit < 20_000; unit++) firsts[drawCells(new Uint8Array(32).fill(9), unit, 16)[0]!]!++
    const chiSquare = firsts.reduce((sum, seen) => sum + (seen - 1250) ** 2 / 1250, 0)
    // 99.9 % of fair draws of fifteen degrees stay below.
    expect(chiSquare).toBeLessThan(37.7)
  })

  it('6.3 are as many as the wanted chance of finding a forger needs, counted by trying', () => {
    const [count, share, probability] = [64, 0.25, 0.9]
    const needed = cellsToCheck(count, { forgedShare: share, probability })
    const found = (drawn: number): number => {
      let caught = 0
      for (let unit = 0; unit < 4_000; unit++)
        if (
          drawCells(new Uint8Array(32), unit, count)
            .slice(0, drawn)
            .some((cell) => cell < count * share)
        )
          caught++
      return caught / 4_000
    }
    expect(found(needed)).toBeGreaterThan(probability - 0.02)
    expect(found(needed - 2)).toBeLessThan(probability)
    expect(cellsToCheck(1, { forgedShare: 0.5, probability: 0.99 })).toBe(1)
    expect(cellsToCheck(16, { forgedShare: 0.01, probability: 1 })).toBe(16)
  })
})
