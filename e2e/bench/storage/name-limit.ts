import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { hashtreeHasher } from '../../../roles/storage/customer/hashtree-hasher.ts'
import { buildPieceTree } from '../../../roles/storage/protocol/piece-tree.ts'

/** Processes by what they are, as numbers of the system. */
export type ProcessGroups = Readonly<Record<string, () => readonly number[]>>

/** Seconds of processor time by group. */
export type CpuSeconds = Readonly<Record<string, number>>

const sampleEveryMs = 100
/** Linux counts processor time in hundredths of a second for every program (USER_HZ). */
const ticksPerSecond = 100

/** Adds up what the groups compute from now on; a process that ends counts up to its last sample. Linux only, else all zero. */
export function watchCpu(groups: ProcessGroups): () => CpuSeconds {
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  const groupOf = new Map<number, string>()
  const sample = (fresh: boolean): void => {
    for (const [group, pids] of Object.entries(groups)) {
      for (const pid of pids()) {
        const seconds = cpuSecondsOf(pid)
        if (seconds === null) continue
        groupOf.set(pid, group)
        if (!first.has(pid)) first.set(pid, fresh ? 0 : seconds)
        last.set(pid, seconds)
      }
    }
  }
  sample(false)
  const timer = setInterval(() => sample(true), sampleEveryMs)
  return () => {
    clearInterval(timer)
    sample(true)
    const sums: Record<string, number> = Object.fromEntries(Object.keys(groups).map((group) => [group, 0]))
    for (const [pid, group] of groupOf) sums[group]! += last.get(pid)! - first.get(pid)!
    return sums
  }
}

function cpuSecondsOf(pid: number): number | null {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return null
  try {
    const stat = readFileSync(path, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return null
  }
}

/** Seconds that this many bytes take when nothing else is done: written and synced as piece files are, and hashed on one core. */
export async function measureAlone(
  folder: string,
  bytes: number,
): Promise<{ syncSeconds: number; hashSeconds: number }> {
  const part = randomBytes(16 * 1024 * 1024)
  const [diskStartMs, parts] = [performance.now(), 16]
  for (let index = 0; index < parts; index++) {
    const path = join(folder, `alone-${index}`)
    const handle = await open(path, 'w')
    await handle.write(part)
    await handle.sync()
    await handle.close()
    await rm(path)
  }
  const hashStartMs = performance.now()
  for (let index = 0; index < parts; index++) buildPieceTree(part, hashtreeHasher)
  const endMs = performance.now()
  const share = bytes / (parts * part.length) / 1000
  return { syncSeconds: (hashStartMs - diskStartMs) * share, hashSeconds: (endMs - hashStartMs) * share }
}

/** Which resource is nearest to its end, and how near: 1 is all of it. */
export function nameLimit(facts: {
  readonly wallSeconds: number
  readonly cpu: CpuSeconds
  readonly syncSeconds: number
}): { limit: string; shares: Readonly<Record<string, number>> } {
  const cores = availableParallelism()
  const total = Object.values(facts.cpu).reduce((sum, seconds) => sum + seconds, 0)
  const shares: Record<string, number> = {
    [`all ${cores} cores together`]: total / (cores * facts.wallSeconds),
    'the disk': facts.syncSeconds / facts.wallSeconds,
  }
  const [limit, share] = Object.entries(shares).sort(([, left], [, right]) => right - left)[0]!
  return { limit: share < 0.6 ? 'waiting: neither processor nor disk is near its end' : limit, shares }
}
