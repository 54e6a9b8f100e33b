import { createHash, randomBytes, randomInt } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hearth, startHearth, startPractice, type HearthResult, type Practice } from '../fixtures/hearth.ts'
import { measureAlone, nameLimit, watchCpu } from './storage/name-limit.ts'
import { readRanges } from './storage/read-ranges.ts'
import { megabytesPerSecond, report } from './storage/report.ts'
import { benchSmallFiles } from './storage/small-files.ts'

/**
 * `npm run bench store [MiB]`: the promise of the storage role, with the real commands and a practice network on this machine, and which
 * resource bounds it.
 *
 * Stores a random file (1 GiB), reads parts of it, kills eight of the providers that hold it, chosen at random, and gets it back. Exits 1
 * when one bit differs or a command fails.
 */
const bytes = Number(process.argv[2] ?? 1024) * 1024 * 1024
const home = mkdtempSync(join(tmpdir(), 'hearth-bench-'))
const rangeRuns = 40
const at = (name: string) => join(home, name)

/** Writes random bytes and returns their hash. */
async function writeRandomFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  for (let written = 0; written < bytes;) {
    const part = randomBytes(Math.min(16 * 1024 * 1024, bytes - written))
    hash.update(part)
    written += (await file.write(part)).bytesWritten
  }
  await file.close()
  return hash.digest('hex')
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}

function finished(what: string, result: HearthResult): HearthResult {
  if (result.code !== 0) throw new Error(`${what} ended with ${result.code}: ${result.stderr}`)
  return result
}

/** Kills `count` of the providers that hold pieces, so at most that many of each segment's twelve; returns their addresses. */
async function killHolders(neighbours: readonly { node: string; pid: number }[], count: number): Promise<string[]> {
  const status = finished('status', await hearth(home, 'store', 'status', at('manifest'), '--json')).json()
  const holders = new Set((status['providers'] as { node: string }[]).map(({ node }) => node.toLowerCase()))
  const left = neighbours.filter((one) => holders.has(one.node.toLowerCase()))
  if (left.length < 12) throw new Error(`Only ${left.length} providers hold the file.`)
  const killed = Array.from({ length: count }, () => left.splice(randomInt(left.length), 1)[0]!)
  for (const { pid } of killed) process.kill(pid, 'SIGKILL')
  return killed.map(({ node }) => node)
}

/** Runs a command and counts who computes meanwhile; what bounds it is reported beside its speed. */
async function watched(what: 'put' | 'get', practice: Practice, storedBytes: number, args: readonly string[]) {
  const providers = practice.neighbours.map(({ pid }) => pid)
  const running = startHearth(home, [...args, '--json'])
  const others = practice.processes().filter(({ pid }) => !providers.includes(pid))
  const stop = watchCpu({
    customer: () => [running.child.pid ?? 0],
    providers: () => providers,
    'chain and the rest': () => others.map(({ pid }) => pid),
  })
  const result = finished(what, await running.ended)
  const cpu = stop()
  const { syncSeconds, hashSeconds } = await measureAlone(home, storedBytes)
  const wallSeconds = result.tookMs / 1000
  const { limit, shares } = nameLimit({ wallSeconds, cpu, syncSeconds })
  const rows = {
    ...cpu,
    'writing and syncing alone': syncSeconds,
    'hashing alone, one core': hashSeconds,
    wall: wallSeconds,
  }
  const inSeconds = Object.fromEntries(
    Object.entries(rows).map(([name, seconds]) => [name, Number(seconds.toFixed(1))]),
  )
  process.stderr.write(`seconds of a ${what}, limited by ${limit}:\n`)
  for (const [name, seconds] of Object.entries(inSeconds))
    process.stderr.write(`  ${name.padEnd(28)}${String(seconds).padStart(8)}\n`)
  const [used] = Object.values(shares)
  const details = { limit, ...inSeconds }
  report({ bench: 'store', figure: `share of the processors used by a ${what}`, value: used!, unit: 'of 1', details })
  return result
}

/** A practice network on this home; one that was there before shows how long a start takes on a warm machine. */
const warmup = await startPractice(home)
await warmup.stop()
const practice = await startPractice(home)
try {
  const bench = 'store'
  const ready = { atMost: 10_000 }
  report({ bench, figure: 'practice network ready', value: practice.readyAfterMs, unit: 'ms', target: ready })
  const hash = await writeRandomFile(at('file'))
  const put = await watched('put', practice, bytes * 3, ['store', 'put', at('file'), '--out', at('manifest')])
  report({
    bench,
    figure: `hearth store put, ${bytes / 2 ** 20} MiB, 4 of 12, all providers on this machine`,
    value: megabytesPerSecond(bytes, put.tookMs),
    unit: 'MB/s of file',
    details: { seconds: Math.round(put.tookMs / 1000) },
  })
  const times = await readRanges({
    home,
    networkFile: practice.network,
    manifest: at('manifest'),
    original: at('file'),
    lengthBytes: 2 ** 20,
    runs: rangeRuns,
  })
  report({
    bench,
    figure: `1 MiB from the middle of ${bytes / 2 ** 20} MiB, connections open`,
    value: times[rangeRuns >> 1]!,
    unit: 'ms',
    target: { atMost: 150 },
    details: { p95: Math.round(times[Math.ceil(rangeRuns * 0.95) - 1]!), runs: rangeRuns },
  })
  await benchSmallFiles(home)
  const killed = await killHolders(practice.neighbours, 8)
  const get = await watched('get', practice, bytes, ['store', 'get', at('manifest'), at('back')])
  report({
    bench,
    figure: `hearth store get, ${bytes / 2 ** 20} MiB, with 8 of its providers killed`,
    value: megabytesPerSecond(bytes, get.tookMs),
    unit: 'MB/s of file',
    details: { seconds: Math.round(get.tookMs / 1000), killed: killed.join(' ') },
  })
  const equal = (await sha256(at('back'))) === hash
  report({ bench, figure: 'bit-exact', value: equal ? 1 : 0, unit: 'of 1', target: { atLeast: 1 } })
  if (!equal) process.exitCode = 1
} finally {
  await practice.kill()
  rmSync(home, { recursive: true, force: true })
}
