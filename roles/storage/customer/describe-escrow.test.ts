import { expect, it } from 'vitest'
import { describeEscrow } from './store-status.ts'

it.each([
  [0, true],
  [2, true],
  [3, false],
  [30, false],
])('warns below three periods: %i left', (left, escrowLow) => {
  expect(describeEscrow(left, 100, 60)).toEqual({ escrowLow, paidUntilSeconds: (101 + left) * 60 })
})

it('names no date for a file that costs nothing', () => {
  expect(describeEscrow(null, 100, 60)).toEqual({ escrowLow: false, paidUntilSeconds: null })
})
