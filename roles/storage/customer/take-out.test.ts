import { expect, it } from 'vitest'
import { planTakingOut } from './take-out.ts'

const pieces = (count: number) => Array.from({ length: count }, (_, index) => ({ index, root: `0x${index}` }))
const roots = (count: number) => new Set(pieces(count).map(({ root }) => root))
const set = { escrowWei: 7n }

it('leaves a set alone that holds none of the pieces', () => {
  expect(planTakingOut(pieces(3), new Set(['0xaa']), set)).toBeNull()
  expect(planTakingOut([], roots(3), set)).toBeNull()
})

it('takes out what is ours and leaves the others of a set', () => {
  expect(planTakingOut(pieces(5), roots(2), set)).toEqual({
    drop: false,
    indices: [0, 1],
    result: { pieces: 2, waiting: 0, comesBackWei: 0n },
  })
})

it('ends a set that holds nothing else, however many pieces it has, and names the escrow that comes back', () => {
  expect(planTakingOut(pieces(200), roots(200), set)).toEqual({
    drop: true,
    indices: [],
    result: { pieces: 200, waiting: 0, comesBackWei: 7n },
  })
})

it('takes sixty-four pieces a period and says how many wait', () => {
  const plan = planTakingOut(pieces(200), roots(199), set)!
  expect(plan.indices).toHaveLength(64)
  expect(plan.result).toEqual({ pieces: 64, waiting: 135, comesBackWei: 0n })
})
