import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../persistence/index.ts'
import { createPieceFiles, type PieceFiles } from '../piece-files.ts'
import { providerMigrations } from '../provider-schema.ts'
import { rootText } from '../piece-root.ts'
import { everythingAllowed } from '../testing/everything-allowed.ts'
import { openTestStore } from '../testing/open-test-store.ts'
import { diskAt, openSeveralDisks, type SeveralDisks } from '../testing/several-disks.ts'
import { identityFileName } from './disk-identity.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-disks-'))
let directory = ''
let open: SeveralDisks
let runs = 0

beforeEach(async () => {
  directory = join(top, String(runs++))
  open = await openSeveralDisks(directory, ['one', 'two'])
})
afterEach(() => open.close())
afterAll(() => rmSync(top, { recursive: true, force: true }))

const codes = (): string[] => open.problems.list().map((problem) => problem.code)
/** Everything on the disks. */
const tree = (): string[] =>
  ['one', 'two'].flatMap((name) => readdirSync(join(directory, name), { recursive: true, encoding: 'utf8' }))
const swap = (left: string, right: string): void => {
  renameSync(left, `${left}-swap`)
  renameSync(right, left)
  renameSync(`${left}-swap`, right)
}

describe('several disks', () => {
  it('share the pieces, each found where it lies, also after a restart', async () => {
    const pieces = await Promise.all(Array.from({ length: 12 }, () => open.keep(50_000)))
    expect(new Set(pieces.map((piece) => open.diskOf(piece)))).toEqual(new Set(['one', 'two']))
    open.close()
    open = await openSeveralDisks(directory, ['one', 'two'])
    for (const piece of pieces) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
    expect(open.filesIn('one').length + open.filesIn('two').length).toBe(12)
  })

  it('fill by their limits: what is full takes nothing more, and nothing goes over', async () => {
    open.setDisk('one', { limitBytes: 120_000 })
    open.setDisk('two', { limitBytes: 400_000 })
    for (let piece = 0; piece < 10; piece++) await open.keep(50_000)
    expect(open.index.usedOn(open.disk('one').id()).bytes).toBe(100_000)
    expect(open.index.usedOn(open.disk('two').id()).bytes).toBe(400_000)
    await expect(open.keep(50_000)).rejects.toMatchObject({ refusal: 'full' })
    expect(open.disks.roomBytes()).toBe(20_000)
  })

  it('on one file system share its free space: what is promised on one is gone for the other', () => {
    const free = Math.min(open.disk('one').freeBytes()!, open.disk('two').freeBytes()!)
    open.setAllowance({ diskReserveBytes: free - 1_000_000 })
    expect(open.disks.roomBytes()).toBe(1_000_000)
    const reservation = open.disks.reserve(700_000)
    expect(open.disks.roomBytes()).toBe(300_000)
    expect(() => open.disks.reserve(400_000)).toThrow(expect.objectContaining({ refusal: 'full' }))
    reservation.release()
  })
})

describe('a disk with a fault leaves the others at work', () => {
  it('unplugged: its pieces wait with a reason, the others are served, new ones go elsewhere; back, all is as it was', async () => {
    const pieces = await Promise.all(Array.from({ length: 8 }, () => open.keep(20_000)))
    const away = pieces.filter((piece) => open.diskOf(piece) === 'one')
    const there = pieces.filter((piece) => open.diskOf(piece) === 'two')
    renameSync(join(directory, 'one'), join(directory, 'unplugged'))
    await open.disks.check()
    expect(codes()).toEqual(['DISK_MISSING'])
    for (const piece of away) {
      await expect(open.readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
      expect(open.store.whyUnreadable(rootText(piece.root))).toContain(join(directory, 'one'))
    }
    for (const piece of there) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
    expect(open.diskOf(await open.keep(1000))).toBe('two')
    expect(existsSync(join(directory, 'one'))).toBe(false)
    renameSync(join(directory, 'unplugged'), join(directory, 'one'))
    await open.disks.check()
    expect(codes()).toEqual([])
    for (const piece of pieces) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
    expect(open.index.damagedCount()).toBe(0)
  })

  it('unplugged while nobody looked: a read finds out, and no piece is called damaged for it', async () => {
    const piece = await open.keep(20_000)
    renameSync(join(directory, open.diskOf(piece)!), join(directory, 'unplugged'))
    await expect(open.readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
    expect(open.index.damagedCount()).toBe(0)
    expect(codes()).toEqual(['DISK_MISSING'])
  })

  it('unplugged before the start: the others are opened, and it is used again when it comes', async () => {
    const pieces = await Promise.all(Array.from({ length: 6 }, () => open.keep(5_000)))
    open.close()
    renameSync(join(directory, 'one'), join(directory, 'unplugged'))
    const allowance = { ...everythingAllowed, disks: ['one', 'two'].map((name) => diskAt(directory, name)) }
    const again = await openTestStore(directory, () => allowance)
    expect(again.disks.all().map((disk) => disk.state())).toEqual(['missing', 'ready'])
    renameSync(join(directory, 'unplugged'), join(directory, 'one'))
    await again.disks.check()
    expect(pieces.map((piece) => again.store.whyUnreadable(rootText(piece.root)))).toEqual(pieces.map(() => null))
    again.close()
  })

  it('wrong disk: two that were swapped are recognised, nothing is written to them, and back in place they work again', async () => {
    const pieces = await Promise.all(Array.from({ length: 8 }, () => open.keep(5_000)))
    swap(join(directory, 'one'), join(directory, 'two'))
    const before = tree()
    await open.disks.check()
    expect(codes()).toEqual(['DISK_WRONG'])
    await expect(open.keep(1000)).rejects.toMatchObject({ refusal: 'diskFault' })
    for (const piece of pieces) await expect(open.readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
    expect(tree()).toEqual(before)
    swap(join(directory, 'one'), join(directory, 'two'))
    await open.disks.check()
    for (const piece of pieces) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
  })

  it('the disk of another home is never written to', async () => {
    mkdirSync(join(directory, 'foreign'))
    const identity = { formatVersion: 1, disk: 'a'.repeat(32), home: 'b'.repeat(32) }
    writeFileSync(join(directory, 'foreign', identityFileName), JSON.stringify(identity))
    open.setAllowance({ disks: [...open.allowance().disks!, diskAt(directory, 'foreign')] })
    await open.disks.check()
    expect(open.disk('foreign').state()).toBe('wrongDisk')
    expect(readdirSync(join(directory, 'foreign'))).toEqual([identityFileName])
  })

  it('a disk that was mounted elsewhere is known by its identity; a copy of one in use is refused', async () => {
    const piece = await open.keep(5_000)
    const name = open.diskOf(piece)!
    const other = name === 'one' ? 'two' : 'one'
    renameSync(join(directory, name), join(directory, 'elsewhere'))
    open.setAllowance({ disks: [diskAt(directory, other), diskAt(directory, 'elsewhere')] })
    await open.disks.check()
    expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
    mkdirSync(join(directory, 'copy'))
    const identity = readFileSync(join(directory, 'elsewhere', identityFileName))
    writeFileSync(join(directory, 'copy', identityFileName), identity)
    open.setAllowance({ disks: [...open.allowance().disks!, diskAt(directory, 'copy')] })
    await open.disks.check()
    expect(open.disk('copy').state()).toBe('wrongDisk')
  })

  it('slow: measured against its own usual speed, takes nothing new, says so, still serves, and recovers', async () => {
    open.close()
    const delay = { ms: 0 }
    const slowFiles = (folder: string): PieceFiles => {
      const files = createPieceFiles(folder)
      if (!folder.endsWith('one')) return files
      return {
        ...files,
        async openPiece(root) {
          await wait(delay.ms)
          return files.openPiece(root)
        },
      }
    }
    open = await openSeveralDisks(directory, ['one', 'two'], slowFiles)
    const pieces = await Promise.all(Array.from({ length: 8 }, () => open.keep(40_000)))
    const onOne = pieces.find((piece) => open.diskOf(piece) === 'one')!
    delay.ms = 2_500
    for (let read = 0; read < 4; read++) await open.store.readBlocks(rootText(onOne.root), 0, 1)
    await open.disks.check()
    expect(open.disk('one').state()).toBe('slow')
    expect(codes()).toEqual(['DISK_SLOW'])
    for (let piece = 0; piece < 3; piece++) expect(open.diskOf(await open.keep(1000))).toBe('two')
    delay.ms = 0
    expect((await open.readAll(onOne)).equals(onOne.bytes)).toBe(true)
    for (let look = 0; look < 12; look++) await open.disks.check()
    expect(open.disk('one').state()).toBe('ready')
    expect(codes()).toEqual([])
  }, 30_000)
})

describe('a store from before there could be several disks', () => {
  const migrationsBefore = providerMigrations.slice(
    0,
    providerMigrations.findIndex(({ title }) => title === 'which disk a piece lies on'),
  )

  it('keeps its pieces, and its disk gets an identity', async () => {
    open.close()
    const former = join(directory, 'former')
    const folder = join(former, 'work')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.hearth-store'), `${'d'.repeat(32)}\n`)
    const database = openDatabase(join(former, 'index.sqlite'), migrationsBefore)
    database.prepare('INSERT INTO identity (store) VALUES (?)').run('d'.repeat(32))
    const root = `0x${'e'.repeat(64)}`
    database
      .prepare(
        "INSERT INTO pieces (root, length_bytes, block_layer, stored_at_ms, scrubbed_at_ms) VALUES (?, 3, x'00', 0, 0)",
      )
      .run(root)
    database.close()
    mkdirSync(join(folder, 'pieces', 'ee'), { recursive: true })
    writeFileSync(join(folder, 'pieces', 'ee', 'e'.repeat(64)), 'abc')
    const now = await openTestStore(former, () => everythingAllowed)
    expect(now.recoveries).toMatchObject([{ strayFiles: 0, lost: [] }])
    expect(now.index.piece(rootText(Buffer.from('e'.repeat(64), 'hex')))?.disk).toBe('d'.repeat(32))
    expect(JSON.parse(readFileSync(join(folder, identityFileName), 'utf8'))).toMatchObject({ disk: 'd'.repeat(32) })
    now.close()
  })

  it('still waits for its disk when that is unplugged, and writes nothing to the empty mount point', async () => {
    open.close()
    const former = join(directory, 'former')
    mkdirSync(former, { recursive: true })
    const database = openDatabase(join(former, 'index.sqlite'), migrationsBefore)
    database.prepare('INSERT INTO identity (store) VALUES (?)').run('d'.repeat(32))
    database.close()
    const now = await openTestStore(former, () => everythingAllowed)
    expect(now.problems.list()).toMatchObject([{ code: 'DISK_MISSING' }])
    expect(readdirSync(join(former, 'work'))).toEqual([])
    now.close()
  })
})
