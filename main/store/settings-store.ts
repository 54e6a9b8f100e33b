import { dirname, basename } from 'node:path'
import { watch } from 'node:fs'
import { writeFileAtomic } from '../../roles/persistence/index.ts'
import type { Undo } from '../../roles/api/values.ts'
import type { Settings } from '../api/settings.ts'
import { lockWithin } from './lock-within.ts'
import { fileMode } from './modes.ts'
import { readTextIfThere } from './read-text.ts'
import { formatSettings, parseSettings } from './settings-file.ts'

/** How long an update waits for another process that writes the same file. */
const writeWaitMs = 5_000
/** Watching misses changes on network disks and after some editors' renames; looking is cheap. */
const pollMs = 1_000

/** What a watcher is told: the settings as they now are, or why the file cannot be understood. */
export type SettingsChange =
  { readonly kind: 'settings'; readonly settings: Settings } | { readonly kind: 'invalid'; readonly error: Error }

/** settings.json of one home: the intent that window and command line write and that the engine watches. */
export type SettingsStore = {
  readonly path: string
  /** The settings as the file has them now; the defaults when there is none. Rejects with SettingsFileError. */
  read(): Promise<Settings>
  /**
   * Reads, changes and writes as one step, also between processes. Rejects with SettingsFileError without writing when
   * the file is wrong: what a person has typed there is never lost.
   */
  update(change: (settings: Settings) => Settings): Promise<Settings>
  /** Calls the listener after every change by anybody. */
  watch(listener: (change: SettingsChange) => void): Undo
}

/** Opens the settings at a path; nothing is read or written before it is asked for. */
export function createSettingsStore(path: string): SettingsStore {
  const readText = () => readTextIfThere(path)
  const read = async () => parseSettings(path, await readText())
  // One update after the other inside this process; the lock file keeps other processes out.
  let lastUpdate: Promise<unknown> = Promise.resolve()

  async function updateLocked(change: (settings: Settings) => Settings): Promise<Settings> {
    const lock = await lockWithin(`${path}.lock`, writeWaitMs)
    try {
      const next = change(await read())
      await writeFileAtomic(path, formatSettings(next), { mode: fileMode })
      return next
    } finally {
      lock.release()
    }
  }

  return {
    path,
    read,
    update(change) {
      const update = lastUpdate.then(() => updateLocked(change))
      lastUpdate = update.catch(() => {})
      return update
    },
    watch: (listener) => watchText(path, readText, (text) => listener(understand(path, text))),
  }
}

function understand(path: string, text: string | null): SettingsChange {
  try {
    return { kind: 'settings', settings: parseSettings(path, text) }
  } catch (error) {
    return { kind: 'invalid', error: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** Tells each new content once, whether the system's watcher or the poll saw it first. */
function watchText(path: string, readText: () => Promise<string | null>, tell: (text: string | null) => void): Undo {
  let last: string | null | undefined
  let ended = false
  const look = async () => {
    const text = await readText().catch(() => undefined)
    if (ended || text === undefined || text === last) return
    const first = last === undefined
    last = text
    if (!first) tell(text)
  }
  void look()
  const timer = setInterval(() => void look(), pollMs)
  const watcher = watchDirectory(dirname(path), basename(path), () => void look())
  return () => {
    ended = true
    clearInterval(timer)
    watcher?.close()
  }
}

/** The directory is watched, since an atomic write replaces the file. Some file systems cannot; the poll remains. */
function watchDirectory(directory: string, name: string, changed: () => void): { close(): void } | null {
  try {
    const watcher = watch(directory, { persistent: false }, (_event, changedName) => {
      if (changedName === null || changedName === name) changed()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null
  }
}
