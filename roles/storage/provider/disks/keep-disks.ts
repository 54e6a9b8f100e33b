import { join } from 'node:path'
import { disksFileName, type DiskStatus, type DiskUsage } from '../../../api/disks.ts'
import type { RoleContext } from '../../../api/worker.ts'
import { writeFileAtomic, type Database } from '../../../persistence/index.ts'
import type { PieceIndex } from '../piece-index.ts'
import type { PieceStore } from '../piece-store.ts'
import type { Problems } from '../../../upkeep/problems.ts'
import { damagedPieces } from '../storage-problems.ts'
import { runScrub } from '../scrub.ts'
import { repeat } from '../../../upkeep/repeat.ts'
import { createDiskRecords } from './disk-records.ts'
import { createDiskSet, type DiskSet, type DiskSetParts } from './disk-set.ts'
import { neededLatencyMs } from './disk-speed.ts'
import { diskStatuses } from './disk-status.ts'
import { createMover } from './mover.ts'
import { wantsPeace } from './move-pace.ts'
import { recoverDisk, type RecoveryReport } from './recover-disk.ts'
import type { StoreDisk } from './store-disk.ts'

/** What was last counted on each disk by its folder, with the bytes that the index had there then. */
export type DiskUsages = Map<string, DiskUsage & { readonly usedBytes: number }>

/** The disks of a provider with all that keeps them in order. */
export type DiskKeeper = {
  /** What is shown of every disk. */
  statuses(): DiskStatus[]
  /** Looks at the disks, moves, scrubs and counts until `signal` fires. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

const checkMs = 5_000
/** Files and index are compared once a day while a disk stays connected. */
const reconcileMs = 24 * 3600 * 1000
const fileMs = 2_000
/** Challenges of one set in a period. */
const challengesPerSet = 5

/** Opens the disks that the allowance lists; `usages` fills as they are put in order. */
export function openDisks(parts: {
  readonly context: RoleContext
  readonly database: Database
  readonly index: PieceIndex
  readonly problems: Problems
  readonly provingPeriodMs: number
  readonly usages: DiskUsages
}): DiskSet {
  const { context, index } = parts
  return createDiskSet({
    workDirectory: context.start.workDirectory,
    index,
    records: createDiskRecords(parts.database),
    problems: parts.problems,
    log: context.log,
    allowance: context.allowance,
    neededLatencyMs: (disk) => neededLatencyMs(parts.provingPeriodMs, index.setsOn(disk) * challengesPerSet),
    onRecovered: (disk, report) => noteReport(context, index, parts.usages, disk, report),
    onLost: (pieces) => tellLost(context, pieces),
  })
}

/** The keeper of a store's disks. */
export function createDiskKeeper(parts: {
  readonly context: RoleContext
  readonly store: PieceStore
  readonly problems: Problems
  readonly usages: DiskUsages
}): DiskKeeper {
  const { context, store, problems, usages } = parts
  const { log } = context
  const mover = createMover({ store, log, allowance: context.allowance, changed: context.changed })
  const statuses = (): DiskStatus[] => diskStatuses(store, mover, (disk) => usageNow(store, usages, disk))
  const writeFile = createFileWriter(context)
  const onError = (what: string) => (error: unknown) => log.warn(`${what} failed.`, { error: String(error) })
  const check = async (): Promise<void> => {
    const before = store.disks.all().map(shownOf).join()
    await store.disks.check()
    noteDamage(store, problems)
    if (before !== store.disks.all().map(shownOf).join()) context.changed()
  }
  return {
    statuses,
    async run(signal) {
      // A disk that was added, moved or shrunk is looked at when the person said so, not at the next look.
      const undo = context.onAllowance(() => void check().catch(onError('Looking at the disks')))
      await Promise.all([
        repeat(checkMs, signal, check, onError('Looking at the disks')),
        repeat(reconcileMs / 24, signal, () => reconcile(parts), onError('Comparing the disks with the index')),
        repeat(fileMs, signal, () => writeFile(statuses()), onError('Writing disks.json')),
        mover.run(signal),
        runScrub({ store, log, signal, mayRead: () => !wantsPeace(context.allowance()) }),
      ])
      undo()
    },
  }
}

/** The last count, carried on by what came and went since: within a block for each of those files. */
function usageNow({ index }: PieceStore, usages: DiskUsages, disk: StoreDisk): DiskUsage | null {
  const counted = usages.get(disk.folder)
  if (counted === undefined) return null
  const { usedBytes, ...usage } = counted
  return { ...usage, onDiskBytes: Math.max(0, usage.onDiskBytes + index.usedOn(disk.id()).bytes - usedBytes) }
}

/** What makes a look at a disk worth telling. */
function shownOf(disk: StoreDisk): string {
  return `${disk.folder} ${disk.state()} ${Math.round((disk.freeBytes() ?? 0) / (64 * 1024 * 1024))}`
}

async function reconcile({ context, store, usages }: Parameters<typeof createDiskKeeper>[0]): Promise<void> {
  for (const disk of store.disks.all()) {
    const counted = usages.get(disk.folder)?.countedAtMs ?? 0
    if (disk.state() === 'checking' || !disk.isReadable() || Date.now() - counted < reconcileMs) continue
    const { index, disks } = store
    const report = await recoverDisk({ disk, index, log: context.log, busy: disks.locks.has })
    noteReport(context, index, usages, disk, report)
  }
}

function noteReport(
  context: RoleContext,
  index: PieceIndex,
  usages: DiskUsages,
  disk: StoreDisk,
  report: RecoveryReport,
): void {
  const { temporaryFiles, strayFiles, lost } = report
  const { onDiskBytes } = report.usage
  const usedBytes = index.usedOn(disk.id()).bytes
  usages.set(disk.folder, { countedAtMs: Date.now(), onDiskBytes, temporaryFiles, strayFiles, usedBytes })
  for (const root of lost) context.emit({ kind: 'pieceDamaged', root, blockIndex: 0 })
}

/** Roots in one message at most. */
const lostInOneEvent = 10_000

/** Tells once what was lost with a disk. */
function tellLost(context: RoleContext, pieces: Parameters<NonNullable<DiskSetParts['onLost']>>[0]): void {
  for (let from = 0; from < pieces.length; from += lostInOneEvent) {
    const some = pieces.slice(from, from + lostInOneEvent)
    const lengthBytes = some.reduce((sum, piece) => sum + piece.lengthBytes, 0)
    context.emit({ kind: 'piecesLost', count: some.length, lengthBytes, roots: some.map(({ root }) => root) })
  }
  context.changed()
}

/** Says as long as damaged pieces lie here that they do; a customer that brings one anew heals it. */
function noteDamage({ index }: PieceStore, problems: Problems): void {
  const count = index.damagedCount()
  if (count === 0) problems.solve('PIECE_DAMAGED')
  else problems.raise(damagedPieces(count))
}

/** Leaves the figures for those who look without asking this process; writes only when one changed. */
function createFileWriter(context: RoleContext): (disks: readonly DiskStatus[]) => Promise<void> {
  const path = join(context.start.dataDirectory, disksFileName)
  let written = ''
  return async (disks) => {
    const text = JSON.stringify(disks)
    if (text === written) return
    await writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, writtenAtMs: Date.now(), disks }, null, 2)}\n`)
    written = text
  }
}
