import { expect, test } from 'vitest'
import { bestDay } from './earnings-chart.tsx'

test('the best day is the highest, the latest of equals, and none of nothing', () => {
  const day = (name: string, wei: string) => ({ day: name, proofs: 0, wei })
  expect(bestDay([day('a', '5'), day('b', '20'), day('c', '20'), day('d', '3')])?.day).toBe('c')
  expect(bestDay([])).toBeNull()
})
