import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../../../roles/api/values.ts'

/** A file that says "the app of this home is ending", for a start that meets it. Whoever takes the lock clears it. */
export type EndingMark = {
  set(): void
  isSet(): boolean
  clear(): void
}

/** The mark at a path. A disk that cannot be written must not keep the app from ending. */
export function openEndingMark(path: string, log: Log): EndingMark {
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (error) {
      log.warn('the mark of an ending could not be written', { error })
    }
  }
  return {
    set: () =>
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        writeFileSync(path, `${process.pid}\n`, { mode: 0o600 })
      }),
    isSet: () => existsSync(path),
    clear: () => attempt(() => rmSync(path, { force: true })),
  }
}
