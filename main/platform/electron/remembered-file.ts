import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Log } from '../../../roles/api/values.ts'
import { windowStateSchema } from './window-bounds.ts'

const rememberedSchema = z.object({
  /** Where the window was; null before its first end. */
  bounds: windowStateSchema.nullable(),
  /** The theme as last told by the engine, so that the next start shows it before the engine has been asked. */
  theme: z.enum(['system', 'light', 'dark']),
})

export type Remembered = Readonly<z.infer<typeof rememberedSchema>>

export type RememberedFile = {
  read(): Remembered
  /** Keeps what is given, beside what was there. */
  update(part: Partial<Remembered>): void
}

const nothing: Remembered = { bounds: null, theme: 'system' }

/**
 * Keeps how the window looked. A lost or damaged file only means the first look again, so it is neither synced nor
 * reported to the person.
 */
export function openRememberedFile(file: string, log: Log): RememberedFile {
  let current = readOrNothing(file)
  return {
    read: () => current,
    update: (part) => {
      current = { ...current, ...part }
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        writeFileSync(`${file}.new`, JSON.stringify(current))
        renameSync(`${file}.new`, file)
      } catch (error) {
        log.warn('look of the window not kept', { error })
      }
    },
  }
}

function readOrNothing(file: string): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return nothing
  }
}
