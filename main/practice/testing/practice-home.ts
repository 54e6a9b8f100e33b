import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntryName, Platform } from '../../api/platform.ts'
import { createNodePlatform } from '../../platform/node/index.ts'

/** A fresh home folder for one test and how to remove it. */
export async function temporaryHome(): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'hearth-practice-'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The Node platform over the sources: Node 24 runs them as they are, so that tests need no build. */
export function sourcePlatform(): Platform {
  const entry = (name: string) => join(import.meta.dirname, '..', 'entries', `${name}.ts`)
  const entries: Partial<Record<EntryName, string>> = {
    'practice-chain': entry('chain'),
    neighbour: entry('neighbour'),
    'practice-customer': entry('customer'),
  }
  return createNodePlatform({ entries })
}

/** Whether a process lives; a zombie that nobody has waited for yet does not. */
export async function lives(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
}

/** Waits until a condition holds; rejects with what it was after the time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true within ${timeoutMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
