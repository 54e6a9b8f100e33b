import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Allowance } from '../../api/allowance.ts'
import { roomBytes } from './capacity.ts'
import { parseRoot, rootText } from './piece-root.ts'
import { everythingAllowed } from './testing/everything-allowed.ts'
import { openTestStore } from './testing/open-test-store.ts'
import { randomPiece, type TestPiece } from './testing/random-piece.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-store-'))
const customer = `0x${'c'.repeat(40)}`
const later = 4_000_000_000
let directory = ''
let allowance: Allowance = everythingAllowed
let open: Awaited<ReturnType<typeof openTestStore>>
let runs = 0

beforeEach(async () => {
  allowance = everythingAllowed
  directory = join(top, String(runs++))
  open = await openTestStore(directory, () => allowance)
})
afterEach(() => open.close())
afterAll(() => rmSync(top, { recursive: true, force: true }))

async function* chunksOf(bytes: Uint8Array, size = 70_001): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size)
}

function keep(piece: TestPiece, bytes = piece.bytes, keepUntilSeconds = later): Promise<void> {
  const root = rootText(piece.root)
  return open.store.store({ root, lengthBytes: piece.bytes.length, customer, keepUntilSeconds }, chunksOf(bytes))
}

/** As when the disk fills up while the bytes come. */
function keepWithLittleRoom({ bytes, root }: TestPiece): Promise<void> {
  const announced = { root: rootText(root), lengthBytes: bytes.length, customer, keepUntilSeconds: later }
  return open.store.store(announced, chunksOf(bytes), open.store.reserve(1))
}

async function readAll(piece: TestPiece, from = 0, length = piece.bytes.length): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of open.store.read(rootText(piece.root), from, length)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const fileOf = (piece: TestPiece): string =>
  join(open.workDirectory, 'pieces', piece.rootText.slice(2, 4), piece.rootText.slice(2))
const incoming = (): string[] => readdirSync(join(open.workDirectory, 'incoming'))

async function reopen(): Promise<void> {
  open.close()
  open = await openTestStore(directory, () => allowance)
}

describe('a piece store', () => {
  it('gives back every range of what it took', async () => {
    const piece = randomPiece(300_007)
    await keep(piece)
    await fc.assert(
      fc.asyncProperty(fc.nat(300_006), fc.nat(300_006), async (a, b) => {
        const [from, end] = [Math.min(a, b), Math.max(a, b) + 1]
        expect((await readAll(piece, from, end - from)).equals(piece.bytes.subarray(from, end))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('keeps nothing of bytes with another root, too few or too many', async () => {
    const piece = randomPiece(100_000)
    const flipped = Buffer.from(piece.bytes)
    flipped[77_777]! ^= 1
    for (const wrong of [flipped, piece.bytes.subarray(1), Buffer.concat([piece.bytes, Buffer.alloc(1)])]) {
      await expect(keep(piece, wrong)).rejects.toMatchObject({ refusal: 'wrongRoot' })
    }
    expect(incoming()).toEqual([])
    expect(open.index.totals().pieces).toBe(0)
    expect(existsSync(fileOf(piece))).toBe(false)
  })

  it('removes what was written when the peer goes away in the middle', async () => {
    const piece = randomPiece(200_000)
    const broken = (async function* () {
      yield piece.bytes.subarray(0, 100_000)
      throw new Error('the peer is gone')
    })()
    const root = rootText(piece.root)
    await expect(
      open.store.store({ root, lengthBytes: piece.bytes.length, customer, keepUntilSeconds: later }, broken),
    ).rejects.toThrow('the peer is gone')
    expect(incoming()).toEqual([])
  })

  it('finds a flipped bit on reading, reports it, never serves it, and serves the piece again once it is brought anew', async () => {
    const piece = randomPiece(500_000)
    await keep(piece)
    flipBit(fileOf(piece), 250_000)
    expect((await readAll(piece, 0, 32 * 1024)).length).toBe(32 * 1024)
    await expect(readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
    await expect(readAll(piece, 0, 10)).rejects.toMatchObject({ refusal: 'diskFault' })
    expect(open.events).toContainEqual({ kind: 'pieceDamaged', root: piece.rootText, blockIndex: 7 })
    expect(open.problems.list()).toMatchObject([{ code: 'PIECE_DAMAGED' }])
    await keep(piece)
    expect((await readAll(piece)).equals(piece.bytes)).toBe(true)
  })

  it.each([
    ['cut short', (path: string) => writeFileSync(path, 'short')],
    ['gone', (path: string) => unlinkSync(path)],
  ])('notices at the start that a file is %s', async (_name, harm) => {
    const piece = randomPiece(100_000)
    await keep(piece)
    harm(fileOf(piece))
    await reopen()
    expect(open.recoveries[0]?.lost).toEqual([piece.rootText])
    await expect(readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
  })

  it('puts files and index in order after a stop at any point of a write', async () => {
    const [kept, stray] = [randomPiece(1000), randomPiece(2000)]
    await keep(kept)
    writeFileSync(join(open.workDirectory, 'incoming', 'abc.tmp'), 'half')
    mkdirSync(join(open.workDirectory, 'pieces', stray.rootText.slice(2, 4)), { recursive: true })
    writeFileSync(fileOf(stray), stray.bytes)
    writeFileSync(join(open.workDirectory, 'pieces', 'a note of the owner'), 'stays')
    await reopen()
    expect(open.recoveries).toMatchObject([{ temporaryFiles: 1, strayFiles: 1, lost: [] }])
    expect(existsSync(fileOf(stray))).toBe(false)
    expect(existsSync(join(open.workDirectory, 'pieces', 'a note of the owner'))).toBe(true)
    expect((await readAll(kept)).equals(kept.bytes)).toBe(true)
  })

  it('lets go of a pending piece when its time is over, and keeps one that another customer still waits for', async () => {
    const [pending, shared] = [randomPiece(10), randomPiece(20)]
    await keep(pending, pending.bytes, 1000)
    await keep(shared, shared.bytes, 1000)
    const other = `0x${'d'.repeat(40)}`
    const announced = { root: rootText(shared.root), lengthBytes: 20, customer: other, keepUntilSeconds: 5000 }
    await open.store.store(announced, chunksOf(shared.bytes))
    expect(open.index.expire(999)).toEqual([])
    expect(open.index.expire(1001)).toEqual([pending.rootText])
    await open.store.remove(rootText(pending.root), 'test')
    expect(existsSync(fileOf(pending))).toBe(false)
    expect(open.index.expire(5001)).toEqual([shared.rootText])
  })

  it('keeps what the chain holds, and gives a grace to what a reorganization took away', async () => {
    const piece = randomPiece(64)
    await keep(piece, piece.bytes, 1000)
    const entry = { index: 0, root: rootText(piece.root), lengthBytes: 64, firstLeaf: 0, leafCount: 2, removed: false }
    expect(open.index.replaceSet(customer, [entry], 3000).added).toEqual([entry])
    expect(open.index.replaceSet(customer, [entry], 3000).added).toEqual([])
    expect(open.index.expire(later)).toEqual([])
    open.index.replaceSet(customer, [], 3000)
    expect(open.index.expire(2999)).toEqual([])
    expect(open.index.expire(3001)).toEqual([piece.rootText])
  })

  it('accepts no name but 32 bytes in hex', () => {
    for (const name of [
      '../../etc/passwd',
      '0x..',
      `0x${'0'.repeat(63)}/`,
      `0x${'g'.repeat(64)}`,
      '',
      `0x${'0'.repeat(65)}`,
    ]) {
      expect(() => parseRoot(name)).toThrow()
    }
  })
})

describe('room for pieces', () => {
  it('never exceeds the limit nor touches the reserve', () => {
    const bytes = fc.nat(2 ** 40)
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.option(bytes), bytes, (used, reserved, free, limit, reserve) => {
        const room = roomBytes({
          usedBytes: used,
          reservedBytes: reserved,
          reservedOnDeviceBytes: reserved,
          freeBytes: free,
          limitBytes: limit,
          reserveBytes: reserve,
        })
        expect(room).toBeGreaterThanOrEqual(0)
        if (room === 0) return
        if (limit !== null) expect(used + reserved + room).toBeLessThanOrEqual(limit)
        expect(free - reserved - room).toBeGreaterThanOrEqual(reserve)
      }),
    )
  })

  it('is refused beyond the limit, running uploads included, and comes back', () => {
    allowance = { ...everythingAllowed, diskLimitBytes: 1000 }
    const reservation = open.store.reserve(600)
    expect(() => open.store.reserve(600)).toThrow(expect.objectContaining({ refusal: 'full' }))
    reservation.release()
    reservation.release()
    open.store.reserve(1000).release()
  })
})

describe('a disk with faults', () => {
  it('that vanishes and comes back stops and resumes the store, and nothing is forgotten', async () => {
    const piece = randomPiece(5000)
    await keep(piece)
    const away = `${open.workDirectory}-unplugged`
    renameSync(open.workDirectory, away)
    await open.disks.check()
    expect(open.problems.list()).toMatchObject([{ code: 'DISK_MISSING' }])
    expect(() => open.store.reserve(1)).toThrow(expect.objectContaining({ refusal: 'diskFault' }))
    await expect(readAll(piece)).rejects.toMatchObject({ refusal: 'diskFault' })
    renameSync(away, open.workDirectory)
    await open.disks.check()
    expect(open.problems.list()).toEqual([])
    expect((await readAll(piece)).equals(piece.bytes)).toBe(true)
  })

  it('that is another one at the same path is not written to', async () => {
    await keep(randomPiece(10))
    renameSync(open.workDirectory, `${open.workDirectory}-first`)
    mkdirSync(open.workDirectory)
    await open.disks.check()
    expect(open.problems.list()).toMatchObject([{ code: 'DISK_MISSING' }])
    expect(readdirSync(open.workDirectory)).toEqual([])
  })

  it.skipIf(!canMount())(
    'that runs full refuses the piece and leaves no part of it; that turns read-only says so',
    async () => {
      const mount = join(top, 'small disk')
      mkdirSync(mount)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mount])
      try {
        open.close()
        open = await openTestStore(join(top, 'on small disk'), () => allowance, mount)
        const small = randomPiece(100_000)
        await keep(small)
        await expect(keepWithLittleRoom(randomPiece(3_000_000))).rejects.toMatchObject({ refusal: 'full' })
        expect(incoming()).toEqual([])
        expect(open.problems.list()).toMatchObject([{ code: 'DISK_FULL' }])
        await open.disks.check()
        expect(open.problems.list()).toEqual([])
        execFileSync('mount', ['-o', 'remount,ro', mount])
        await expect(keep(randomPiece(1000))).rejects.toMatchObject({ refusal: 'diskFault' })
        expect(open.problems.list()).toMatchObject([{ code: 'DISK_READ_ONLY' }])
        expect((await readAll(small)).equals(small.bytes)).toBe(true)
        execFileSync('mount', ['-o', 'remount,rw', mount])
        await open.disks.check()
        expect(open.problems.list()).toEqual([])
      } finally {
        execFileSync('umount', [mount])
      }
    },
  )
})

function flipBit(path: string, at: number): void {
  const handle = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(handle, byte, 0, 1, at)
  writeSync(handle, Buffer.of(byte[0]! ^ 0x10), 0, 1, at)
  closeSync(handle)
}

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'hearth-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}
