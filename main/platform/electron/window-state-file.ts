import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../../../roles/api/values.ts'
import { windowStateSchema, type WindowState } from './window-bounds.ts'

export type WindowStateFile = { read(): WindowState | null; write(state: WindowState): void }

/**
 * Keeps the window's place. A lost or damaged file only means the first place again, so it is neither synced nor
 * reported to the person.
 */
export function openWindowStateFile(file: string, log: Log): WindowStateFile {
  return {
    read: () => {
      try {
        return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
      } catch {
        return null
      }
    },
    write: (state) => {
      try {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(`${file}.new`, JSON.stringify(state))
        renameSync(`${file}.new`, file)
      } catch (error) {
        log.warn('window place not kept', { error })
      }
    },
  }
}
