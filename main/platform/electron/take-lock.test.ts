import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { silentLog } from '../../../roles/api/values.ts'
import { openEndingMark } from './ending-mark.ts'
import { takeLock } from './take-lock.ts'

/** A home whose lock becomes free after so many refusals, and whose app is ending from the `endingFrom`th on. */
function homeOf({ refusals, endingFrom }: { refusals: number; endingFrom: number }) {
  let asked = 0
  return {
    request: () => asked++ >= refusals,
    isEnding: () => asked > endingFrom,
    pause: () => Promise.resolve(),
    asked: () => asked,
  }
}

it('takes a free lock at once', async () => {
  const home = homeOf({ refusals: 0, endingFrom: 0 })
  expect(await takeLock(home)).toBe(true)
  expect(home.asked()).toBe(1)
})

it('leaves the lock to an app that is there, and asks it once', async () => {
  const home = homeOf({ refusals: Infinity, endingFrom: Infinity })
  expect(await takeLock(home)).toBe(false)
  expect(home.asked()).toBe(1)
})

it('waits for the end of an app that is ending, and is the next', async () => {
  expect(await takeLock(homeOf({ refusals: 20, endingFrom: 0 }))).toBe(true)
})

it('gives up on an app that never ends', async () => {
  expect(await takeLock(homeOf({ refusals: Infinity, endingFrom: 0 }))).toBe(false)
})

it('is not needed when another start was faster', async () => {
  // The faster one clears the mark, and has the lock from then on.
  const home = homeOf({ refusals: Infinity, endingFrom: 0 })
  expect(await takeLock({ ...home, isEnding: () => home.asked() < 3 })).toBe(false)
  expect(home.asked()).toBe(3)
})

it('sees the mark of an ending in a folder that was not there, until it is cleared', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-mark-'))
  const mark = openEndingMark(join(folder, 'window', 'ending'), silentLog)
  expect(mark.isSet()).toBe(false)
  mark.set()
  expect(mark.isSet()).toBe(true)
  mark.clear()
  mark.clear()
  expect(mark.isSet()).toBe(false)
  rmSync(folder, { recursive: true, force: true })
})

it('lets the app end where the mark cannot be written', () => {
  const mark = openEndingMark('/dev/null/window/ending', silentLog)
  mark.set()
  expect(mark.isSet()).toBe(false)
})
