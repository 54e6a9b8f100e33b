import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFakeBridge } from '../bridge/fake.ts'
import type { FakeBridge } from '../bridge/fake.ts'
import type { SceneName } from '../bridge/fake-scenes.ts'
import { sceneSnapshot } from '../bridge/fake-scenes.ts'
import type { Activity } from '../bridge/types.ts'
import { filterActivity, followActivity, loadOlderActivity, mergeActivity, useActivityStore } from './activity.ts'
import { dismissFailure, runCommand, useCommandStore } from './commands.ts'
import { lastDays } from './earnings.ts'
import { createResource } from './resource.ts'
import { screenHref, screenOfHash, screens } from './route.ts'
import { followSnapshot, loadSnapshot, snapshotArrived, useSnapshotStore } from './snapshot.ts'

const nowMs = Date.UTC(2026, 2, 4, 12)

function useBridge(scene: SceneName, activityCount?: number): FakeBridge {
  const bridge = createFakeBridge({ scene, nowMs, activityCount })
  vi.stubGlobal('window', { hearth: bridge })
  return bridge
}

/** Lets answers that are already on their way arrive. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

beforeEach(() => {
  useSnapshotStore.setState(useSnapshotStore.getInitialState(), true)
  useActivityStore.setState(useActivityStore.getInitialState(), true)
  useCommandStore.setState(useCommandStore.getInitialState(), true)
})

afterEach(() => vi.unstubAllGlobals())

describe('the snapshot', () => {
  test('arrives, follows main, and stops following after the undo', async () => {
    const bridge = useBridge('earning')
    const undo = followSnapshot()
    await settle()
    expect(useSnapshotStore.getState().state.kind).toBe('ready')
    bridge.emit('snapshot:changed', { ...sceneSnapshot('earning', nowMs), version: '9.9.9', atMs: nowMs + 1 })
    expect(useSnapshotStore.getState().state).toMatchObject({ snapshot: { version: '9.9.9' } })
    undo()
    expect(bridge.listenerCount()).toBe(0)
  })

  test('keeps the identity of what did not change', () => {
    snapshotArrived(sceneSnapshot('earning', nowMs))
    const before = useSnapshotStore.getState().state
    snapshotArrived({ ...structuredClone(sceneSnapshot('earning', nowMs)), atMs: nowMs + 250 })
    const after = useSnapshotStore.getState().state
    if (before.kind !== 'ready' || after.kind !== 'ready') throw new Error('no snapshot')
    expect(after.snapshot).not.toBe(before.snapshot)
    expect(after.snapshot.roles).toBe(before.snapshot.roles)
    expect(after.currency).toBe(before.currency)
  })

  test('does not go back to a late answer that is older than an event', () => {
    snapshotArrived({ ...sceneSnapshot('earning', nowMs), version: 'new', atMs: nowMs + 10 })
    snapshotArrived({ ...sceneSnapshot('earning', nowMs), version: 'old', atMs: nowMs }, 'answer')
    expect(useSnapshotStore.getState().state).toMatchObject({ snapshot: { version: 'new' } })
  })

  test('shows why it failed at first, and keeps what is on screen when a later question fails', async () => {
    useBridge('broken')
    await loadSnapshot()
    expect(useSnapshotStore.getState().state).toMatchObject({ kind: 'failed', failure: { code: 'SETTINGS_INVALID' } })
    snapshotArrived(sceneSnapshot('earning', nowMs))
    await loadSnapshot()
    expect(useSnapshotStore.getState().state.kind).toBe('ready')
  })

  test('without a bridge is a failure with its own code', async () => {
    vi.stubGlobal('window', {})
    await loadSnapshot()
    expect(useSnapshotStore.getState().state).toMatchObject({ kind: 'failed', failure: { code: 'NO_BRIDGE' } })
  })
})

describe('activity', () => {
  test('loads page by page to the beginning, without gaps or repeats', async () => {
    useBridge('earning', 120)
    const undo = followActivity()
    await settle()
    expect(useActivityStore.getState()).toMatchObject({ phase: 'ready', complete: false })
    await loadOlderActivity()
    await loadOlderActivity()
    undo()
    const { entries, complete } = useActivityStore.getState()
    expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index))
    expect(complete).toBe(true)
  })

  test('puts a new entry first, once', async () => {
    const bridge = useBridge('earning', 3)
    const undo = followActivity()
    await settle()
    const [newest] = useActivityStore.getState().entries
    if (newest === undefined) throw new Error('no entries')
    bridge.emit('activity:added', { ...newest, id: 4 })
    bridge.emit('activity:added', { ...newest, id: 4 })
    undo()
    expect(useActivityStore.getState().entries.map(({ id }) => id)).toEqual([4, 3, 2, 1])
  })

  test('a failure is kept beside what is loaded', async () => {
    useBridge('broken')
    await loadOlderActivity()
    expect(useActivityStore.getState()).toMatchObject({ phase: 'failed', failure: { code: 'SETTINGS_INVALID' } })
  })

  test('filters by how it concerns the person', () => {
    const entry = (id: number, level: Activity['level']): Activity => ({
      id,
      level,
      atMs: 0,
      role: null,
      code: 'problem',
      values: {},
      transactionHash: null,
    })
    const entries = mergeActivity([], [entry(1, 'info'), entry(2, 'good'), entry(3, 'warning'), entry(4, 'error')])
    expect(filterActivity(entries, 'all').map(({ id }) => id)).toEqual([4, 3, 2, 1])
    expect(filterActivity(entries, 'good').map(({ id }) => id)).toEqual([2])
    expect(filterActivity(entries, 'attention').map(({ id }) => id)).toEqual([4, 3])
  })
})

describe('commands', () => {
  test('say whether they were done and end their wait', async () => {
    const bridge = useBridge('off')
    const running = runCommand('roles:switchOff', { role: 'storage' })
    expect(useCommandStore.getState().pending.has('roles:switchOff')).toBe(true)
    expect(await runCommand('roles:switchOff', { role: 'storage' })).toBe(false)
    expect(await running).toBe(true)
    expect(useCommandStore.getState().pending.size).toBe(0)
    expect(bridge.requests).toEqual([{ channel: 'roles:switchOff', argument: { role: 'storage' } }])
  })

  test('show their failure until it is dismissed', async () => {
    useBridge('broken')
    expect(await runCommand('hardware:rescan', undefined)).toBe(false)
    expect(useCommandStore.getState().failure).toMatchObject({ code: 'SETTINGS_INVALID' })
    dismissFailure()
    expect(useCommandStore.getState().failure).toBeNull()
  })
})

test('of two questions only the newer answer counts', async () => {
  const answers: ((rows: number) => void)[] = []
  const request = (): Promise<unknown> =>
    new Promise((resolve) => answers.push((total) => resolve({ ok: true, value: { total, rows: [] } })))
  vi.stubGlobal('window', { hearth: { request, subscribe: () => () => {} } })
  const { useStore, refresh } = createResource('storage:pieces')
  const first = refresh({ offset: 0, limit: 10 })
  const second = refresh({ offset: 10, limit: 10 })
  answers[1]?.(2)
  answers[0]?.(1)
  await Promise.all([first, second])
  expect(useStore.getState()).toMatchObject({ phase: 'ready', value: { total: 2 } })
})

test('lastDays fills the gaps up to today, oldest first', () => {
  const days = [{ day: '2026-02-28', earnedWei: '5', proofs: 1, byRole: {} }]
  const filled = lastDays(days, 5, '2026-03-02')
  expect(filled.map(({ day, earnedWei }) => `${day} ${earnedWei}`)).toEqual([
    '2026-02-26 0',
    '2026-02-27 0',
    '2026-02-28 5',
    '2026-03-01 0',
    '2026-03-02 0',
  ])
})

test('every screen has an address and an unknown one is the overview', () => {
  for (const screen of screens) expect(screenOfHash(screenHref(screen))).toBe(screen)
  expect(screenOfHash('#/nowhere')).toBe('overview')
  expect(screenOfHash('')).toBe('overview')
})
