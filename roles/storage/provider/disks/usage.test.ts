import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../api/values.ts'
import { openSeveralDisks, type SeveralDisks } from '../testing/several-disks.ts'
import { countUsage } from './count-usage.ts'
import { recoverDisk } from './recover-disk.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-usage-'))
let directory = ''
let open: SeveralDisks
let runs = 0

beforeEach(async () => {
  directory = join(top, String(runs++))
  open = await openSeveralDisks(directory, ['one', 'two'])
})
afterEach(() => open.close())
afterAll(() => rmSync(top, { recursive: true, force: true }))

/** What the system's own tool says that a folder takes, in bytes. */
function du(folder: string): number {
  return Number(execFileSync('du', ['-s', '-B1', folder], { encoding: 'utf8' }).split('\t')[0])
}

const reconcile = (name: string) =>
  recoverDisk({ disk: open.disk(name), index: open.index, log: silentLog, busy: open.disks.locks.has })

describe('the usage of a disk', () => {
  it('is what du says, and the index differs by at most one block a file and a folder', async () => {
    for (let piece = 0; piece < 40; piece++) await open.keep(1 + Math.floor(Math.random() * 100_000))
    for (const name of ['one', 'two']) {
      const folder = join(directory, name)
      const { onDiskBytes, files, folders } = await countUsage(folder, () => undefined)
      expect(onDiskBytes).toBe(du(folder))
      const { bsize } = statfsSync(folder)
      const usedBytes = open.index.usedOn(open.disk(name).id()).bytes
      expect(onDiskBytes - usedBytes).toBeGreaterThanOrEqual(0)
      expect(onDiskBytes - usedBytes).toBeLessThanOrEqual((files + folders) * bsize)
    }
  })

  it('counts what the file system has free as the file system does', async () => {
    await open.disks.check()
    const { bavail, bsize } = statfsSync(join(directory, 'one'))
    expect(Math.abs(open.disk('one').freeBytes()! - bavail * bsize)).toBeLessThan(512 * 1024 * 1024)
  })

  it('once a day finds orphans and half files, removes them, and leaves what is on its way alone', async () => {
    const piece = await open.keep(10_000)
    const name = open.diskOf(piece)!
    const orphan = 'ab'.repeat(32)
    mkdirSync(join(directory, name, 'pieces', 'ab'), { recursive: true })
    writeFileSync(join(directory, name, 'pieces', 'ab', orphan), 'orphan')
    writeFileSync(join(directory, name, 'incoming', 'old.tmp'), 'half')
    const incoming = await open.disk(name).files.receive()
    await incoming.write(Buffer.from('on its way'))
    const report = await reconcile(name)
    expect(report).toMatchObject({ temporaryFiles: 1, strayFiles: 1, lost: [] })
    expect(open.filesIn(name)).toEqual([piece.rootText.slice(2)])
    expect(readdirSync(join(directory, name, 'incoming'))).toHaveLength(1)
    await incoming.discard()
    expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
  })

  it('names a piece whose file is gone', async () => {
    const piece = await open.keep(10_000)
    const name = open.diskOf(piece)!
    rmSync(join(directory, name, 'pieces', piece.rootText.slice(2, 4)), { recursive: true })
    expect((await reconcile(name)).lost).toEqual([piece.rootText])
  })
})
