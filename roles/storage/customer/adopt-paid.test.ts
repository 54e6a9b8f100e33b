import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { adoptPieces } from './adopt-paid.ts'

const piece = (index: number, home: number): ManifestPiece => {
  const account = `0x${home.toString(16).padStart(40, '0')}`
  return { index, node: account, operator: account, root: new Uint8Array(32).fill(home) }
}
const fileOf = (...pieces: ManifestPiece[]) => ({ segments: [{ pieces }] })
const homesOf = ({ segments }: ReturnType<typeof fileOf>) => segments[0]!.pieces.map(({ node }) => Number(node))
const not =
  (...homes: number[]) =>
  (node: string) =>
    !homes.includes(Number(node))

it('puts a paid piece in the place of the lost one of its row', () => {
  const { file, found, replaced } = adoptPieces(
    fileOf(piece(0, 1), piece(1, 2), piece(2, 3)),
    [fileOf(piece(0, 1), piece(2, 9))],
    {
      holds: not(2, 3),
      isPaid: () => true,
    },
  )
  expect(homesOf(file)).toEqual([1, 2, 9])
  expect([found, replaced.map(({ index }) => index)]).toEqual([1, [2]])
})

it('leaves alone what was never paid, whose home is gone too, and whose row a healthy piece has', () => {
  const file = fileOf(piece(0, 1), piece(1, 2))
  const copy = fileOf(piece(1, 7))
  expect(adoptPieces(file, [copy], { holds: not(2), isPaid: () => false }).found).toBe(0)
  expect(adoptPieces(file, [copy], { holds: not(2, 7), isPaid: () => true }).found).toBe(0)
  expect(adoptPieces(file, [copy], { holds: () => true, isPaid: () => true }).found).toBe(0)
})

it('never gives a segment two pieces of a home, loses a healthy piece or repeats a healthy row', () => {
  const row = fc.integer({ min: 0, max: 7 })
  const pieces = fc.uniqueArray(fc.tuple(row, fc.integer({ min: 1, max: 12 })), {
    selector: ([, home]) => home,
    maxLength: 6,
  })
  const lost = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 })
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { minLength: 1 }),
      fc.array(pieces, { maxLength: 3 }),
      lost,
      (rows, copies, gone) => {
        const holds = not(...gone)
        const before = fileOf(...rows.map((index, position) => piece(index, position + 1)))
        const { file, found } = adoptPieces(
          before,
          copies.map((list) => fileOf(...list.map(([index, home]) => piece(index, home)))),
          { holds, isPaid: () => true },
        )
        const homes = homesOf(file)
        expect(homes).toHaveLength(rows.length)
        expect(new Set(homes).size).toBe(homes.length)
        for (const home of homesOf(before)) if (holds(String(home))) expect(homes).toContain(home)
        const healthy = file.segments[0]!.pieces.filter(({ node }) => holds(node)).map(({ index }) => index)
        expect(new Set(healthy).size).toBe(healthy.length)
        expect(healthy.length).toBe(homesOf(before).filter((home) => holds(String(home))).length + found)
      },
    ),
  )
})
