import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../persistence/index.ts'
import { mixImages, readImage, tellCommits, writeImage } from '../../../persistence/testing/cut-database.ts'
import type { DatabaseImage } from '../../../persistence/testing/cut-database.ts'
import { cutVariants, layOutAfterCut, type CutVariant } from '../../../persistence/testing/cut-files.ts'
import { volatileFolder } from '../../../persistence/testing/volatile-folder.ts'
import { watchFileCalls, type FileCall } from '../../../persistence/testing/file-calls.ts'
import { parseRoot, type RootText } from '../piece-root.ts'
import { providerMigrations } from '../provider-schema.ts'
import { everythingAllowed } from './everything-allowed.ts'
import { openTestStore } from './open-test-store.ts'
import { randomPiece, type TestPiece } from './random-piece.ts'
import { pieceFilesIn } from './several-disks.ts'

/** What happened in a run of a store, in order; an `acknowledged` piece is owed from then on, a `released` one no more. */
type Step =
  | { readonly kind: 'call'; readonly call: FileCall }
  | { readonly kind: 'commit'; readonly image: DatabaseImage }
  | { readonly kind: 'acknowledged' | 'released'; readonly root: RootText }

export type StoreRecord = {
  readonly directory: string
  readonly first: DatabaseImage
  readonly steps: readonly Step[]
  readonly pieces: ReadonlyMap<RootText, TestPiece>
}

const customer = `0x${'c'.repeat(40)}`
/** Many pieces in few folders, so that uploads meet in one. */
const folders = /^0x(aa|bb|cc)/

/** A piece whose file lies in one of three folders. */
function crowdedPiece(): TestPiece {
  for (;;) {
    const piece = randomPiece(1 + Math.floor(Math.random() * 6_000))
    if (folders.test(piece.rootText)) return piece
  }
}

/** Lets a new store take pieces, three at a time, remove some and take one of those again; records every write boundary. */
export async function recordStore(): Promise<StoreRecord> {
  const top = mkdtempSync(join(volatileFolder(), 'hearth-record-'))
  const directory = join(top, 'work')
  mkdirSync(directory)
  const path = join(top, 'index.sqlite')
  openDatabase(path, providerMigrations).close()
  const [first, steps] = [readImage(path), [] as Step[]]
  const undo = await watchFileCalls({ done: (call) => steps.push({ kind: 'call', call }) })
  const onCommit = (): void => void steps.push({ kind: 'commit', image: readImage(path) })
  const wrap = (database: Database): Database => tellCommits(database, onCommit)
  try {
    const open = await openTestStore(top, () => everythingAllowed, directory, wrap)
    const pieces = Array.from({ length: 9 }, crowdedPiece)
    const [short, long] = [pieces.slice(0, 3), pieces.slice(3)]
    const storeAll = (some: readonly TestPiece[], until: number) =>
      Promise.all(some.map((piece) => storeOne(open.store, piece, until, steps)))
    await storeAll(short, soonSeconds)
    await storeAll(long.slice(0, 3), lateSeconds)
    for (const piece of short) steps.push({ kind: 'released', root: parseRoot(piece.rootText) })
    for (const root of open.index.expire(soonSeconds + 1)) await open.store.remove(root, 'test')
    await storeAll([short[0]!, ...long.slice(3)], lateSeconds)
    open.close()
    return { directory, first, steps, pieces: new Map(pieces.map((piece) => [parseRoot(piece.rootText), piece])) }
  } finally {
    undo()
    rmSync(top, { recursive: true, force: true })
  }
}

/** Until when pieces are promised: the expiry of the record lies between the two. */
const [soonSeconds, lateSeconds] = [1_000, 4_000_000_000]

async function storeOne(
  store: Awaited<ReturnType<typeof openTestStore>>['store'],
  piece: TestPiece,
  keepUntilSeconds: number,
  steps: Step[],
): Promise<void> {
  const root = parseRoot(piece.rootText)
  const bytes = (async function* () {
    for (let at = 0; at < piece.bytes.length; at += 2_048) yield piece.bytes.subarray(at, at + 2_048)
  })()
  await store.store({ root, lengthBytes: piece.bytes.length, customer, keepUntilSeconds }, bytes)
  steps.push({ kind: 'acknowledged', root })
}

/** Cuts the power after `at` steps, starts the store again and tells what is wrong with it. */
export async function cutStore(
  record: StoreRecord,
  at: number,
  variant: CutVariant,
  random: () => number,
): Promise<string[]> {
  const top = mkdtempSync(join(volatileFolder(), 'hearth-cut-'))
  try {
    const done = record.steps.slice(0, at)
    const calls = done.flatMap((step) => (step.kind === 'call' ? [step.call] : []))
    layOutAfterCut(calls, { directory: record.directory, target: join(top, 'work') }, variant, random)
    const before = done.findLast((step) => step.kind === 'commit')?.image ?? record.first
    const next = record.steps[at]
    const underWay = next?.kind === 'commit' && variant !== 'nothing'
    writeImage(join(top, 'index.sqlite'), underWay ? mixImages(before, next.image, random) : before)
    return (await lookAt(top, record, done)).map((what) => `cut after ${at} steps, ${variant}: ${what}`)
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
}

async function lookAt(top: string, record: StoreRecord, done: readonly Step[]): Promise<string[]> {
  const owed = new Set<RootText>()
  for (const step of done) {
    if (step.kind === 'acknowledged') owed.add(step.root)
    if (step.kind === 'released') owed.delete(step.root)
  }
  const open = await openTestStore(top, () => everythingAllowed)
  try {
    const wrong = [...owed].filter((root) => open.index.piece(root) === null).map((root) => `${root} is forgotten`)
    for (const root of open.recoveries.flatMap((report) => report.lost))
      if (owed.has(root)) wrong.push(`${root} was acknowledged and is lost`)
    const state = open.disks.all()[0]?.state()
    if (state !== 'ready') wrong.push(`the disk counts as ${state}`)
    for (const root of open.index.roots()) {
      if (open.index.piece(root)!.damaged) continue
      const piece = record.pieces.get(root)!
      const read: Uint8Array[] = []
      for await (const chunk of open.store.read(root, 0, piece.bytes.length)) read.push(Uint8Array.from(chunk))
      if (!Buffer.concat(read).equals(piece.bytes)) wrong.push(`${root} is served with other bytes`)
    }
    for (const name of pieceFilesIn(join(top, 'work')))
      if (open.index.piece(parseRoot(`0x${name}`)) === null) wrong.push(`0x${name} is a stray file`)
    return wrong
  } catch (error) {
    return [String(error)]
  } finally {
    open.close()
  }
}

/** Cuts at every boundary in every variant, round after round with new chances, until `cuts` are done. */
export async function cutEverywhere(cuts: number, random: () => number): Promise<{ cuts: number; wrong: string[] }> {
  const wrong: string[] = []
  let done = 0
  while (done < cuts) {
    const record = await recordStore()
    for (let at = 0; at <= record.steps.length && done < cuts; at++) {
      for (const variant of cutVariants) {
        wrong.push(...(await cutStore(record, at, variant, random)))
        done++
      }
    }
  }
  return { cuts: done, wrong }
}
