import { expect, test } from 'vitest'
import type { PracticeScreen } from '../../api/wallet.ts'
import { drawPracticeScreen, keyMeaning } from './practice-screen.ts'

const touch: PracticeScreen = {
  model: 'touch',
  lines: ['Hearth: claim', '12.345678 PLAY'],
  page: 1,
  pages: 3,
  buttons: ['reject', 'next'],
  blindSigning: false,
  locked: false,
}

test('draws the screen with its page, the keys that do something, and that it is no hardware wallet', () => {
  const drawn = drawPracticeScreen(touch, 'connect here')
  expect(drawn[0]).toContain('not a hardware wallet')
  expect(drawn).toContain('| Hearth: claim         |')
  expect(drawn).toContain('page 1 of 3')
  expect(drawn).toContain('connect here')
  expect(drawn).toContain('  r: reject')
  expect(drawn.join('\n')).not.toContain('hold to sign')
  const boxed = drawn.filter((line) => /^[|+]/.test(line))
  expect(new Set(boxed.map((line) => line.length)).size).toBe(1)
})

test('a key does what the screen offers now, and nothing else', () => {
  expect(keyMeaning('\u001b[C', touch)).toEqual({ kind: 'press', button: 'next' })
  expect(keyMeaning('\u001b[D', touch)).toBeNull()
  expect(keyMeaning('\r', touch)).toBeNull()
  expect(keyMeaning('\r', { ...touch, buttons: ['back', 'reject', 'confirm'] })).toEqual({
    kind: 'press',
    button: 'confirm',
  })
  const click: PracticeScreen = { ...touch, model: 'twoButton', buttons: ['left', 'both'] }
  expect(keyMeaning('\r', click)).toEqual({ kind: 'press', button: 'both' })
  expect(keyMeaning('\u001b[D', click)).toEqual({ kind: 'press', button: 'left' })
  expect(keyMeaning('\u0003', click)).toEqual({ kind: 'stop' })
  expect(keyMeaning('x', click)).toBeNull()
})
