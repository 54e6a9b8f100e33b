import { afterEach, expect, test, vi } from 'vitest'
import { createFakeBridge } from '../bridge/fake.ts'
import { createTask } from './task.ts'

afterEach(() => vi.unstubAllGlobals())

function useBridge(scene: 'earning' | 'broken' | 'loading'): void {
  vi.stubGlobal('window', { hearth: createFakeBridge({ scene, nowMs: 0 }) })
}

test('ends with the answer, or with the reason why there is none', async () => {
  const { useStore, run } = createTask('rewards:verify', { timeoutMs: 1_000 })
  useBridge('earning')
  await run({ epoch: 7 })
  expect(useStore.getState()).toMatchObject({ kind: 'done', value: { epoch: 7, equal: true } })
  useBridge('broken')
  await run({ epoch: 7 })
  expect(useStore.getState()).toMatchObject({ kind: 'failed', failure: { code: 'SETTINGS_INVALID' } })
})

test('a second press while it runs asks nothing more', async () => {
  const bridge = createFakeBridge({ scene: 'loading', nowMs: 0 })
  vi.stubGlobal('window', { hearth: bridge })
  const { run } = createTask('rewards:verify', { timeoutMs: 20 })
  const first = run({ epoch: 7 })
  await run({ epoch: 8 })
  await first
  expect(bridge.requests).toEqual([{ channel: 'rewards:verify', argument: { epoch: 7 } }])
})

test('an answer that comes after a reset is dropped', async () => {
  useBridge('earning')
  const { useStore, run, reset } = createTask('rewards:verify', { timeoutMs: 1_000 })
  const running = run({ epoch: 7 })
  reset()
  await running
  expect(useStore.getState()).toEqual({ kind: 'idle' })
})
