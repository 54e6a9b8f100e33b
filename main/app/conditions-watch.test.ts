import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import { watchConditions } from './conditions-watch.ts'
import type { RoleDesk } from './role-desk.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A desk with one storage role whose state the test sets. */
function storageDesk() {
  const state = { kind: 'running', work: 'full', usedBytes: 100 }
  const controller = {
    get allowance() {
      return { work: state.work }
    },
    supervised: { process: () => ({ kind: state.kind }), status: () => ({ storage: { usedBytes: state.usedBytes } }) },
  }
  return {
    state,
    desk: { controllers: new Map([['storage', controller]]) } as unknown as Pick<RoleDesk, 'controllers'>,
  }
}

test('counts the time in which storage runs and is not paused, and none over a sleep of the machine', async () => {
  const { state, desk } = storageDesk()
  const looks: { upSeconds: number; storedBytes: number }[] = []
  const ledger = { look: (now: (typeof looks)[number]) => void looks.push(now), between: () => null, close: () => {} }
  const stop = watchConditions({ ledger, desk, log: silentLog })
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
  await pass(0)
  await pass(15)
  await pass(15)
  state.work = 'paused'
  await pass(15)
  state.work = 'full'
  await pass(15)
  await pass(15)
  state.kind = 'stopped'
  await pass(15)
  const up = looks.map((look) => Math.round(look.upSeconds))
  expect(up).toEqual([0, 15, 15, 0, 0, 15, 0])
  expect(looks[1]!.storedBytes).toBe(100)
  stop()
  await pass(60)
  expect(looks.length).toBe(7)
})
