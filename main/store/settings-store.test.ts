import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultSettings } from '../api/settings.ts'
import { SettingsFileError } from './settings-file.ts'
import { createSettingsStore } from './settings-store.ts'
import type { SettingsChange } from './settings-store.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-settings-'))
  path = join(directory, 'settings.json')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const problemOf = (text: string) => {
  writeFileSync(path, text)
  return createSettingsStore(path)
    .read()
    .then(
      () => null,
      (error: unknown) => (error instanceof SettingsFileError ? error : null),
    )
}

describe('settings.json', () => {
  test('no file means the defaults, and reading does not create one', async () => {
    expect(await createSettingsStore(path).read()).toEqual(defaultSettings)
    expect(() => statSync(path)).toThrow()
  })

  test('a syntax error is told with file and line', async () => {
    const error = await problemOf('{\n  "formatVersion": 1,\n  "theme": light\n}')
    expect(error?.details).toMatchObject({ path, line: 3 })
    expect(error?.action).toContain('line 3')
  })

  test('a wrong field is told with line and name', async () => {
    const text = JSON.stringify({ ...defaultSettings, diskReserveBytes: -1 }, null, 2)
    const error = await problemOf(text)
    const line = text.split('\n').findIndex((row) => row.includes('diskReserveBytes')) + 1
    expect(error?.details).toMatchObject({ line })
    expect(error?.message).toContain('"diskReserveBytes"')
  })

  test('an update never overwrites a file that it cannot understand', async () => {
    const text = '{ "theme": "dark", my notes }'
    writeFileSync(path, text)
    await expect(createSettingsStore(path).update((settings) => settings)).rejects.toBeInstanceOf(SettingsFileError)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('updates of two writers at once all survive', async () => {
    const [left, right] = [createSettingsStore(path), createSettingsStore(path)]
    const addOne = (settings: typeof defaultSettings) => ({
      ...settings,
      diskReserveBytes: settings.diskReserveBytes + 1,
    })
    await Promise.all([left, right, left, right, left, right].map((store) => store.update(addOne)))
    expect((await left.read()).diskReserveBytes).toBe(defaultSettings.diskReserveBytes + 6)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('a watcher hears of changes and of a file that went wrong, and nothing after its undo', async () => {
    const store = createSettingsStore(path)
    await store.update((settings) => settings)
    const heard: SettingsChange[] = []
    const undo = store.watch((change) => heard.push(change))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await createSettingsStore(path).update((settings) => ({ ...settings, theme: 'dark' }))
    await expect
      .poll(() => heard.at(-1), { timeout: 3000 })
      .toMatchObject({ kind: 'settings', settings: { theme: 'dark' } })
    writeFileSync(path, '{')
    await expect.poll(() => heard.at(-1)?.kind, { timeout: 3000 }).toBe('invalid')
    undo()
    const count = heard.length
    writeFileSync(path, '{}')
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(heard.length).toBe(count)
  })
})
