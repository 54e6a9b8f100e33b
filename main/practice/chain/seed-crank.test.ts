import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startSeedCrank } from './seed-crank.ts'

/** A chain of ten blocks a second whose slots last one second, with every call that reached it. */
function quickChain() {
  const begun = Date.now()
  const opened = new Map<number, number>()
  const captured: number[] = []
  const number = () => Math.floor((Date.now() - begun) / 100)
  return {
    opened,
    captured,
    chain: {
      latestBlock: async () => ({ number: number(), timestampSeconds: Date.now() / 1000 }),
      open: async (slot: number) => {
        if (opened.has(slot)) throw new Error(`Slot ${slot} was opened twice.`)
        opened.set(slot, number() + 3)
        return number() + 3
      },
      capture: async (slot: number) => {
        expect(number()).toBeGreaterThan(opened.get(slot)!)
        captured.push(slot)
      },
    },
  }
}

test('opens each slot once and captures it after its block, and ends when asked', async () => {
  const { chain, opened, captured } = quickChain()
  const errors: unknown[] = []
  const crank = startSeedCrank({ chain, slotSeconds: 1, onError: (error) => errors.push(error) })
  await delay(4_500)
  await crank.stop()
  expect(errors).toEqual([])
  expect(captured.length).toBeGreaterThanOrEqual(3)
  expect(opened.size).toBeGreaterThanOrEqual(captured.length)
  const count = opened.size
  await delay(1_200)
  expect(opened.size).toBe(count)
})

test('a slot that fails does not keep the next from coming', async () => {
  const { chain, captured } = quickChain()
  const errors: unknown[] = []
  let opens = 0
  const failing = {
    ...chain,
    open: (slot: number) => (opens++ === 0 ? Promise.reject(new Error('away')) : chain.open(slot)),
  }
  const crank = startSeedCrank({ chain: failing, slotSeconds: 1, onError: (error) => errors.push(error) })
  await delay(3_500)
  await crank.stop()
  expect(errors).toHaveLength(1)
  expect(captured.length).toBeGreaterThanOrEqual(1)
})
