import { expect, test } from 'vitest'
import { sceneNames, sceneSnapshot } from '../../bridge/fake-scenes.ts'
import { selectNow } from '../../state/selectors.ts'
import { describeNow } from './describe-now.ts'

const nowMs = Date.UTC(2026, 2, 4, 12)

test.each(sceneNames)('scene %s has a sentence and a reason', (scene) => {
  const snapshot = sceneSnapshot(scene, nowMs)
  const words = describeNow(selectNow(snapshot, nowMs), snapshot.network, nowMs)
  expect(words.title).not.toBe('')
  expect(words.why).not.toBe('')
})

test('a start that failed says what happened and what to do', () => {
  const snapshot = sceneSnapshot('failed', nowMs)
  const words = describeNow(selectNow(snapshot, nowMs), snapshot.network, nowMs)
  expect(words.why).toContain('8545')
  expect(words.hint).toContain('another port')
})

test('not earning is never called earning', () => {
  const snapshot = sceneSnapshot('waiting', nowMs)
  const words = describeNow(selectNow(snapshot, nowMs), snapshot.network, nowMs)
  expect(words).toEqual({
    title: 'Running, not earning yet',
    why: 'Ready and waiting for the first customer.',
    hint: null,
  })
})
