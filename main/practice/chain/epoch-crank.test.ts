import { expect, test, vi } from 'vitest'
import { startEpochCrank } from './epoch-crank.ts'

test('announces each epoch that is over once, tries again after a failure, and ends when asked', async () => {
  let epoch = 1
  let failures = 1
  const finalized: number[] = []
  const errors: unknown[] = []
  const chain = {
    currentEpoch: async () => epoch,
    finalize: async (ended: number) => {
      if (failures-- > 0) throw new Error('away')
      finalized.push(ended)
    },
  }
  const crank = startEpochCrank({ chain, everyMs: 5, onError: (error) => errors.push(error) })
  epoch = 2
  await vi.waitFor(() => expect(finalized).toEqual([1]))
  epoch = 3
  await vi.waitFor(() => expect(finalized).toEqual([1, 2]))
  expect(errors).toHaveLength(1)
  await crank.stop()
  epoch = 9
  await new Promise((done) => setTimeout(done, 40))
  expect(finalized).toEqual([1, 2])
})
