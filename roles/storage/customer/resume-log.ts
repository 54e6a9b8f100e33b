import { appendFile, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'

/**
 * A list of parts that were finished, with the SHA-256 of each, beside what an interrupted get has written.
 *
 * Nothing in it is trusted: who continues hashes every part again. So it needs no sync, and a torn last line is passed over.
 */
export type ResumeLog = {
  /** Hash in hex by name of the part; empty when it belongs to something else. */
  readonly done: ReadonlyMap<string, string>
  note(part: string, sha256: string): Promise<void>
  remove(): Promise<void>
}

const lineSchema = z.tuple([z.string().max(4096), z.string().regex(/^[0-9a-f]{64}$/)])
/** A million files with long names; a longer log is not read. */
const largestLogBytes = 512 * 1024 * 1024

/** Opens the log of that subject; one of another subject is begun anew. */
export async function openResumeLog(path: string, subject: string): Promise<ResumeLog> {
  const done = await readLog(path, subject)
  if (done === null) await writeFile(path, `${JSON.stringify(subject)}\n`, { mode: 0o600 })
  return {
    done: done ?? new Map(),
    note: (part, sha256) => appendFile(path, `${JSON.stringify([part, sha256])}\n`),
    remove: () => rm(path, { force: true }),
  }
}

async function readLog(path: string, subject: string): Promise<Map<string, string> | null> {
  const size = await stat(path).then(
    (stats) => stats.size,
    () => null,
  )
  if (size === null || size > largestLogBytes) return null
  const [first, ...lines] = (await readFile(path, 'utf8')).split('\n')
  if (first !== JSON.stringify(subject)) return null
  return new Map(lines.flatMap((line) => parseLine(line)))
}

function parseLine(line: string): [string, string][] {
  try {
    return [lineSchema.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
