import { describe, expect, test } from 'vitest'
import { sceneNames, sceneSnapshot } from '../bridge/fake-scenes.ts'
import { currencyOf, heatOf, selectNow, selectPause, selectRole } from './selectors.ts'

const nowMs = Date.UTC(2026, 2, 4, 12)

describe('selectNow', () => {
  test.each([
    ['none', 'none', 'cold'],
    ['starting', 'starting', 'banked'],
    ['failed', 'failed', 'cold'],
    ['unreachable', 'unreachable', 'banked'],
    ['off', 'off', 'cold'],
    ['waiting', 'waiting', 'banked'],
    ['paused', 'paused', 'banked'],
    ['parked', 'stopped', 'cold'],
    ['problem', 'waiting', 'banked'],
    ['earning', 'earning', 'glowing'],
  ] as const)('of scene %s is %s, and the hearth is %s%s', (scene, kind, heat) => {
    const now = selectNow(sceneSnapshot(scene, nowMs), nowMs)
    expect(now.kind).toBe(kind)
    expect(heatOf(now)).toBe(heat)
  })

  test('only earning makes the hearth glow', () => {
    for (const scene of sceneNames) {
      const snapshot = sceneSnapshot(scene, nowMs)
      const now = selectNow(snapshot, nowMs)
      if (heatOf(now) === 'glowing') expect(snapshot.roles.some((role) => role.earning.earning)).toBe(true)
    }
  })
})

describe('selectPause', () => {
  const base = sceneSnapshot('earning', nowMs)

  test('is over once its time has come', () => {
    expect(selectPause({ ...base, pausedAllUntilMs: nowMs }, nowMs)).toBeNull()
    expect(selectPause({ ...base, pausedAllUntilMs: nowMs + 1 }, nowMs)).toEqual({ untilMs: nowMs + 1 })
  })

  test('without an end has none to show', () => {
    expect(selectPause({ ...base, pausedAllUntilMs: Number.MAX_SAFE_INTEGER }, nowMs)).toEqual({ untilMs: null })
  })
})

describe('currencyOf', () => {
  const ready = sceneSnapshot('earning', nowMs).network
  const before = { symbol: 'PLAY', practice: true }

  test('comes from the network, also while it does not answer', () => {
    expect(currencyOf(ready, null)).toEqual(before)
    expect(currencyOf(sceneSnapshot('unreachable', nowMs).network, null)).toEqual(before)
  })

  test('is kept when the network says nothing of it, and never guessed', () => {
    const silent = { kind: 'unreachable', name: 'x', sinceMs: 0, message: '' } as const
    expect(currencyOf(silent, before)).toEqual(before)
    expect(currencyOf(silent, null)).toEqual({ symbol: '', practice: null })
  })
})

test('a role that main does not offer is null', () => {
  expect(selectRole(sceneSnapshot('earning', nowMs), 'energy')).toBeNull()
  expect(selectRole(sceneSnapshot('earning', nowMs), 'storage')?.role).toBe('storage')
})
