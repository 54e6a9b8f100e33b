import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How far above the running file something of ours may lie: beside an entry, above a chunk folder, or above `out`. */
const levelsUp = 6

/** The nearest `relative` in `from` or a folder above it, null when there is none. */
export function findNear(relative: string, from: string): string | null {
  let directory = from
  for (let level = 0; level < levelsUp; level++) {
    const file = join(directory, relative)
    if (existsSync(file)) return file
    directory = dirname(directory)
  }
  return null
}
