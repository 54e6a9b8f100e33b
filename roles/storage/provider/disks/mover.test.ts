import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../api/values.ts'
import { rootText } from '../piece-root.ts'
import { diskAt, openSeveralDisks, type SeveralDisks } from '../testing/several-disks.ts'
import type { TestPiece } from '../testing/random-piece.ts'
import { createMover, type Mover } from './mover.ts'
import { planMove, type MovableDisk } from './plan-moves.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-move-'))
let directory = ''
let open: SeveralDisks
let mover: Mover
let stop: AbortController
let running: Promise<void>
let runs = 0

beforeEach(async () => {
  directory = join(top, String(runs++))
  open = await openSeveralDisks(directory, ['one', 'two'])
  begin()
})
afterEach(async () => {
  await end()
  open.close()
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

function begin(): void {
  stop = new AbortController()
  mover = createMover({ store: open.store, log: silentLog, allowance: open.allowance, changed: () => undefined })
  running = mover.run(stop.signal)
}

async function end(): Promise<void> {
  stop.abort()
  await running
}

async function keepOn(name: string, count: number, lengthBytes = 30_000): Promise<TestPiece[]> {
  const others = ['one', 'two'].filter((other) => other !== name)
  for (const other of others) open.setDisk(other, { limitBytes: 1 })
  const pieces: TestPiece[] = []
  for (let piece = 0; piece < count; piece++) pieces.push(await open.keep(lengthBytes))
  for (const other of others) open.setDisk(other, { limitBytes: null })
  return pieces
}

const usedOn = (name: string): number => open.index.usedOn(open.disk(name).id()).bytes

describe('a disk that leaves', () => {
  it('gives its pieces to the other, all served meanwhile, and then holds nothing', async () => {
    const pieces = await keepOn('one', 20)
    open.setDisk('one', { leaving: true })
    while (open.filesIn('one').length > 0) {
      const piece = pieces[Math.floor(Math.random() * pieces.length)]!
      expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
      expect(open.store.whyUnreadable(rootText(piece.root))).toBeNull()
    }
    await expect.poll(() => mover.status(open.disk('one'))).toBeNull()
    expect(open.filesIn('two')).toHaveLength(20)
    for (const piece of pieces) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
  }, 30_000)

  it('takes nothing new, and what a person named as its place is the only place', async () => {
    await end()
    mkdirSync(join(directory, 'three'))
    open.setAllowance({ disks: [...open.allowance().disks!, diskAt(directory, 'three')] })
    await open.disks.check()
    begin()
    const pieces = await keepOn('one', 5)
    open.setDisk('one', { leaving: true, moveTo: '/three' })
    await expect.poll(() => usedOn('one'), { timeout: 10_000 }).toBe(0)
    const three = open.disk('three').id()
    for (const piece of pieces) expect(open.index.piece(rootText(piece.root))?.disk).toBe(three)
    for (let piece = 0; piece < 4; piece++) expect(open.diskOf(await open.keep(100))).not.toBe('one')
  }, 30_000)

  it('waits while moving is paused, and stays when the person takes it back', async () => {
    await keepOn('one', 6)
    open.setAllowance({ movesPaused: true })
    open.setDisk('one', { leaving: true })
    await wait(1_500)
    expect(usedOn('one')).toBe(180_000)
    expect(mover.status(open.disk('one'))).toMatchObject({ state: 'paused', bytesLeft: 180_000, piecesLeft: 6 })
    open.setDisk('one', { leaving: false })
    open.setAllowance({ movesPaused: false })
    await wait(1_500)
    expect(usedOn('one')).toBe(180_000)
    expect(mover.status(open.disk('one'))).toBeNull()
  })

  it('moves at the pace of the allowance, and says how long it takes', async () => {
    await keepOn('one', 8, 1_000_000)
    open.setAllowance({ cpuShare: 2_000_000 / (64 * 1024 * 1024) })
    open.setDisk('one', { leaving: true })
    const begun = performance.now()
    await expect.poll(() => mover.status(open.disk('one'))?.endsAtMs ?? null, { timeout: 10_000 }).not.toBeNull()
    await expect.poll(() => usedOn('one'), { timeout: 20_000 }).toBe(0)
    expect(performance.now() - begun).toBeGreaterThan(2_000)
  }, 40_000)

  it('keeps a piece that was damaged on it as damaged: its customer can still bring it anew', async () => {
    const [piece] = await keepOn('one', 1)
    const name = piece!.rootText.slice(2)
    writeFileSync(join(directory, 'one', 'pieces', name.slice(0, 2), name), 'damage')
    await expect(open.readAll(piece!)).rejects.toMatchObject({ refusal: 'diskFault' })
    open.setDisk('one', { leaving: true })
    await expect.poll(() => open.index.usedOn(open.disk('one').id()).pieces, { timeout: 10_000 }).toBe(0)
    await expect.poll(() => open.filesIn('one')).toEqual([])
    await open.keepAgain(piece!)
    expect((await open.readAll(piece!)).equals(piece!.bytes)).toBe(true)
  }, 20_000)

  it('waits for its own plug: a disk that is away is moved from when it is back', async () => {
    const pieces = await keepOn('one', 4)
    renameSync(join(directory, 'one'), join(directory, 'unplugged'))
    await open.disks.check()
    open.setDisk('one', { leaving: true })
    await wait(1_200)
    expect(open.index.usedOn(open.disk('one').id()).pieces).toBe(4)
    renameSync(join(directory, 'unplugged'), join(directory, 'one'))
    await open.disks.check()
    await expect.poll(() => usedOn('one'), { timeout: 15_000 }).toBe(0)
    for (const piece of pieces) expect((await open.readAll(piece)).equals(piece.bytes)).toBe(true)
  }, 30_000)

  it('is left as it was found once it is off the list', async () => {
    await keepOn('one', 3)
    writeFileSync(join(directory, 'one', 'a note of the owner'), 'stays')
    open.setDisk('one', { leaving: true })
    await expect.poll(() => usedOn('one'), { timeout: 10_000 }).toBe(0)
    await expect.poll(() => mover.status(open.disk('one')), { timeout: 5_000 }).toBeNull()
    open.setAllowance({ disks: [diskAt(directory, 'two')] })
    await open.disks.check()
    expect(open.filesIn('.').length).toBe(3)
    expect(readdirSync(join(directory, 'one'))).toEqual(['a note of the owner'])
  }, 20_000)
})

describe('a disk that was shrunk below what it holds', () => {
  it('gives away just enough when the other has room', async () => {
    await keepOn('one', 10)
    open.setDisk('one', { limitBytes: 160_000 })
    await expect.poll(() => usedOn('one'), { timeout: 10_000 }).toBe(150_000)
    expect(usedOn('two')).toBe(150_000)
  }, 20_000)

  it('else says how much must leave otherwise, and takes nothing new until then', async () => {
    await keepOn('one', 10)
    open.setDisk('two', { limitBytes: 70_000 })
    open.setDisk('one', { limitBytes: 100_000 })
    await expect.poll(() => usedOn('two'), { timeout: 10_000 }).toBe(60_000)
    await expect
      .poll(() => mover.status(open.disk('one')), { timeout: 5_000 })
      .toMatchObject({ bytesLeft: 140_000, withoutRoomBytes: 130_000 })
    await expect(open.keep(20_000)).rejects.toMatchObject({ refusal: 'full' })
  }, 20_000)
})

describe('the plan of a move', () => {
  const bytes = fc.nat(10_000)
  const disk = (path: string): fc.Arbitrary<MovableDisk> =>
    fc.record({
      path: fc.constant(path),
      usedBytes: bytes,
      limitBytes: fc.option(bytes),
      leaving: fc.boolean(),
      moveTo: fc.constantFrom(null, '/b', '/c'),
      roomBytes: bytes,
    })

  it('never moves more than must leave, nor to a disk that leaves itself, nor elsewhere than asked', () => {
    fc.assert(
      fc.property(disk('/a'), disk('/b'), disk('/c'), (first, second, third) => {
        const plan = planMove(first, [first, second, third])
        expect(plan.bytesToLeave).toBeLessThanOrEqual(first.usedBytes)
        if (!first.leaving && first.limitBytes !== null) {
          expect(first.usedBytes - plan.bytesToLeave).toBe(Math.min(first.usedBytes, first.limitBytes))
        }
        expect(plan.targets).not.toContain(first)
        for (const target of plan.targets) {
          expect(target.leaving).toBe(false)
          if (first.leaving && first.moveTo !== null) expect(target.path).toBe(first.moveTo)
        }
        const room = plan.targets.reduce((sum, target) => sum + target.roomBytes, 0)
        expect(plan.withoutRoomBytes).toBe(Math.max(0, plan.bytesToLeave - room))
      }),
    )
  })
})
