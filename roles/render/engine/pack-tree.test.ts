import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tree } from './geometry.ts'
import { packTree } from './pack-tree.ts'

const leafBit = 0x8000_0000
const stackEntries = 48

type Visit = { readonly code: number; readonly box: readonly number[] | null; readonly depth: number }

/** All leaves of a tree with the boxes above them, read as the shader reads them. */
function* leavesOf({
  nodes,
  root,
}: Tree): Generator<{ first: number; count: number; box: readonly number[] | null; depth: number }> {
  const floats = new Float32Array(nodes.buffer)
  const pending: Visit[] = [{ code: root, box: null, depth: 0 }]
  while (pending.length > 0) {
    const { code, box, depth } = pending.pop()!
    if (code >= leafBit) {
      yield { first: code & 0x7f_ffff, count: (code >>> 23) & 0xff, box, depth }
      continue
    }
    for (const child of [0, 1]) {
      const range = (axis: number): number[] => [0, 1].map((end) => floats[code * 16 + axis * 4 + child * 2 + end]!)
      pending.push({ code: nodes[code * 16 + 12 + child]!, box: [0, 1, 2].flatMap(range), depth: depth + 1 })
    }
  }
}

function check(positions: Float32Array<ArrayBuffer>): void {
  const tree = packTree(positions)
  const count = positions.length / 9
  expect([...tree.order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_unused, index) => index))
  const seen = new Uint8Array(count)
  for (const leaf of leavesOf(tree)) {
    expect(leaf.depth).toBeLessThan(stackEntries)
    for (let place = leaf.first; place < leaf.first + leaf.count; place++) {
      seen[place]!++
      if (leaf.box === null) continue
      for (let number = 0; number < 9; number++) {
        const value = positions[tree.order[place]! * 9 + number]!
        const axis = number % 3
        if (!(value >= leaf.box[axis * 2]! && value <= leaf.box[axis * 2 + 1]!)) throw new Error('outside of its box')
      }
    }
  }
  expect(seen.every((times) => times === 1)).toBe(true)
}

describe('the tree over triangles', () => {
  const coordinate = fc.float({ min: -1000, max: 1000, noNaN: true })
  const triangle = fc.array(coordinate, { minLength: 9, maxLength: 9 })

  it('holds every triangle once, inside of all boxes above it', () => {
    const triangles = fc.array(triangle, { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(triangles, (list) => check(Float32Array.from(list.flat()))),
      { numRuns: 50 },
    )
  })

  it('stays shallow where thousands of triangles lie in one place', () => {
    check(Float32Array.from({ length: 9 * 3000 }, (_unused, index) => [0, 0, 0, 1, 0, 0, 0, 1, 0][index % 9]!))
  })

  it('is refused where more lie in one place than it can count', () => {
    const positions = Float32Array.from(
      { length: 9 * 70_000 },
      (_unused, index) => [0, 0, 0, 1, 0, 0, 0, 1, 0][index % 9]!,
    )
    expect(() => packTree(positions)).toThrow('lie in the same place')
  })

  it('is the same each time', () => {
    const positions = Float32Array.from({ length: 9 * 500 }, (_unused, index) => Math.fround(Math.sin(index * 12.9898)))
    expect(packTree(positions)).toEqual(packTree(positions.slice()))
  })
})
