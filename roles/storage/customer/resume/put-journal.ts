import { join } from 'node:path'
import { getAddress } from 'ethers'
import { z } from 'zod'
import { addressSchema, weiTextSchema } from '../../../api/values.ts'
import { openDatabase, type Database, type Migration, type Row } from '../../../persistence/index.ts'
import type { CustomerContext } from '../context.ts'
import type { PlacedPiece } from '../place-segment.ts'
import { openPlan, sealPlan, type PutPlan } from './put-plan.ts'

const migrations: readonly Migration[] = [
  {
    title:
      'puts that are not done: sealed plan, segments that were read, pieces that were placed, locks that were begun',
    sql: `
      CREATE TABLE puts (
        subject TEXT PRIMARY KEY, plan BLOB NOT NULL, begun_at_seconds INTEGER NOT NULL, manifest BLOB, paid_wei TEXT) STRICT;
      CREATE TABLE segments (
        subject TEXT NOT NULL REFERENCES puts (subject) ON DELETE CASCADE, segment INTEGER NOT NULL,
        sha256 TEXT NOT NULL, PRIMARY KEY (subject, segment)) STRICT;
      CREATE TABLE pieces (
        subject TEXT NOT NULL REFERENCES puts (subject) ON DELETE CASCADE, segment INTEGER NOT NULL, row INTEGER NOT NULL,
        root BLOB NOT NULL, length_bytes INTEGER NOT NULL, kept_until_seconds INTEGER NOT NULL, offer TEXT NOT NULL,
        PRIMARY KEY (subject, segment, row)) STRICT;
      CREATE TABLE locks (
        subject TEXT NOT NULL REFERENCES puts (subject) ON DELETE CASCADE, node TEXT NOT NULL,
        target_wei TEXT NOT NULL, added_wei TEXT NOT NULL, PRIMARY KEY (subject, node)) STRICT`,
  },
]

/** What a lock was to hold in all once its transaction had landed, and what that transaction added. */
export type LockIntent = { readonly targetWei: bigint; readonly addedWei: bigint }

/** Everything that is known of an unfinished put. */
export type PutRecord = {
  readonly plan: PutPlan
  readonly begunAtSeconds: number
  /** SHA-256 of the plain bytes of segments, in hex. */
  readonly hashes: ReadonlyMap<number, string>
  readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>
  /** By node, as recorded right before the lock of a payment. Empty when no payment had begun. */
  readonly locks: ReadonlyMap<string, LockIntent>
  /** Once all is paid: what is left to do is to hand this out. */
  readonly paid: { readonly manifest: Uint8Array; readonly paidWei: bigint } | null
}

/** Unfinished puts of one home; every note is durable when its call returns. */
export type PutJournal = {
  /** Null when there is none, or when it does not open with this customer's key. */
  read(subject: string): PutRecord | null
  begin(subject: string, plan: PutPlan): void
  noteSegment(subject: string, segment: number, sha256: string): void
  notePiece(subject: string, segment: number, piece: PlacedPiece): void
  noteLocks(subject: string, locks: ReadonlyMap<string, LockIntent>): void
  notePaid(subject: string, manifest: Uint8Array, paidWei: bigint): void
  forget(subject: string): boolean
  subjects(): string[]
  close(): void
}

const offerSchema = z.strictObject({
  node: addressSchema,
  operator: addressSchema,
  peerId: z.string().min(1).max(200),
  boundAtSeconds: z.number().int(),
  prefix: z.string().max(200),
  freeBytes: z.number(),
  taking: z.boolean(),
  answeredInMs: z.number(),
  pricePerGiBPeriodWei: weiTextSchema.transform(BigInt),
  retrievalPricePerMiBWei: weiTextSchema.transform(BigInt),
  minimumBytesPerSecond: z.number(),
})

/** Opens the journal of a home. The caller closes it. */
export function openPutJournal(context: Pick<CustomerContext, 'dataDirectory' | 'wallet'>): PutJournal {
  const database = openDatabase(join(context.dataDirectory, 'puts.sqlite'), migrations)
  return { ...writing(database, context), ...reading(database, context), close: () => database.close() }
}

function writing(database: Database, { wallet }: Pick<CustomerContext, 'wallet'>) {
  const begin = database.prepare('INSERT INTO puts (subject, plan, begun_at_seconds) VALUES (?, ?, ?)')
  const segment = database.prepare('INSERT OR REPLACE INTO segments VALUES (?, ?, ?)')
  const piece = database.prepare('INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?, ?, ?, ?)')
  const lock = database.prepare('INSERT OR REPLACE INTO locks VALUES (?, ?, ?, ?)')
  const paid = database.prepare('UPDATE puts SET manifest = ?, paid_wei = ? WHERE subject = ?')
  const forget = database.prepare('DELETE FROM puts WHERE subject = ?')
  return {
    begin(subject, plan) {
      database.transaction(() => {
        forget.run(subject)
        begin.run(subject, sealPlan(wallet, subject, plan), Math.floor(Date.now() / 1000))
      })
    },
    noteSegment: (subject, index, sha256) => void segment.run(subject, index, sha256),
    notePiece(subject, index, { index: row, root, lengthBytes, keptUntilSeconds, offer }) {
      const text = JSON.stringify(offer, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
      piece.run(subject, index, row, root, lengthBytes, keptUntilSeconds, text)
    },
    noteLocks(subject, locks) {
      database.transaction(() => {
        for (const [node, { targetWei, addedWei }] of locks) {
          lock.run(subject, getAddress(node), targetWei.toString(), addedWei.toString())
        }
      })
    },
    notePaid: (subject, manifest, wei) => void paid.run(manifest, wei.toString(), subject),
    forget: (subject) => forget.run(subject).changes > 0,
  } satisfies Partial<PutJournal>
}

function reading(database: Database, { wallet }: Pick<CustomerContext, 'wallet'>) {
  const put = database.prepare('SELECT * FROM puts WHERE subject = ?')
  const all = database.prepare('SELECT subject FROM puts ORDER BY begun_at_seconds')
  const segments = database.prepare('SELECT segment, sha256 FROM segments WHERE subject = ?')
  const pieces = database.prepare('SELECT * FROM pieces WHERE subject = ? ORDER BY segment, row')
  const locks = database.prepare('SELECT * FROM locks WHERE subject = ?')
  return {
    subjects: () => all.all().map((row) => String(row['subject'])),
    read(subject) {
      const row = put.get(subject)
      const plan = row && openPlan(wallet, subject, row['plan'] as Uint8Array)
      if (row === null || plan === null) return null
      const manifest = row['manifest'] as Uint8Array | null
      return {
        plan,
        begunAtSeconds: Number(row['begun_at_seconds']),
        hashes: new Map(segments.all(subject).map((one) => [Number(one['segment']), String(one['sha256'])])),
        placed: bySegment(pieces.all(subject)),
        locks: new Map(locks.all(subject).map((one) => [String(one['node']), lockOf(one)])),
        paid: manifest && { manifest, paidWei: BigInt(String(row['paid_wei'])) },
      }
    },
  } satisfies Partial<PutJournal>
}

function lockOf(row: Row): LockIntent {
  return { targetWei: BigInt(String(row['target_wei'])), addedWei: BigInt(String(row['added_wei'])) }
}

function bySegment(rows: readonly Row[]): Map<number, PlacedPiece[]> {
  const result = new Map<number, PlacedPiece[]>()
  for (const row of rows) {
    const segment = Number(row['segment'])
    const piece = {
      index: Number(row['row']),
      offer: offerSchema.parse(JSON.parse(String(row['offer']))),
      root: row['root'] as Uint8Array,
      lengthBytes: Number(row['length_bytes']),
      keptUntilSeconds: Number(row['kept_until_seconds']),
    }
    result.set(segment, [...(result.get(segment) ?? []), piece])
  }
  return result
}
