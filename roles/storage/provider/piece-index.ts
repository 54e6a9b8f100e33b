import type { Database, Row } from '../../persistence/index.ts'
import { parseRoot, type RootText } from './piece-root.ts'
import { prepareStatements, type PieceStatements } from './piece-statements.ts'

export { providerMigrations } from './provider-schema.ts'

/** One stored piece. `blockLayer` holds the roots of its blocks of 32 KiB. */
export type StoredPiece = {
  readonly root: RootText
  readonly lengthBytes: number
  readonly blockLayer: Uint8Array
  readonly damaged: boolean
  /** The disk that it lies on. */
  readonly disk: string
}

/** One piece of a data set as the chain has it. */
export type SetPiece = {
  readonly index: number
  readonly root: RootText
  readonly lengthBytes: number
  readonly firstLeaf: number
  readonly leafCount: number
  readonly removed: boolean
}

/** A piece without its tree. */
export type PieceOnDisk = { readonly root: RootText; readonly lengthBytes: number; readonly damaged: boolean }

/** How far a disk's round of reading everything again has come. Whole pieces count. */
export type ScrubState = {
  readonly beganAtMs: number
  readonly totalBytes: number
  /** Bytes that were read since the round began. */
  readonly readBytes: number
  /** When the piece that waits longest was last read; null without pieces. */
  readonly oldestAtMs: number | null
}

/** What the provider knows of its pieces; every change is durable when the method returns. */
export type PieceIndex = {
  piece(root: RootText): StoredPiece | null
  holds(root: RootText, customer: string): boolean
  /** Notes a piece whose file is already durable, kept for `customer` until the chain says more. */
  addPiece(piece: Omit<StoredPiece, 'damaged'>, customer: string, keepUntilSeconds: number, nowMs: number): void
  /** Never shortens what was promised. */
  keepUntil(root: RootText, customer: string, seconds: number): void
  markDamaged(root: RootText): void
  /** Removes the entry unless somebody holds the piece (again). True when it is gone. */
  forgetUnneeded(root: RootText): boolean
  damagedCount(): number
  /** Replaces a data set's pieces; holdings of pieces on chain lose their end, others get one at least at `graceSeconds`. */
  replaceSet(customer: string, pieces: readonly SetPiece[], graceSeconds: number): { added: SetPiece[] }
  setPieces(customer: string): SetPiece[]
  setCustomers(): string[]
  /** Lets go of holdings that have ended and tells the roots that nobody needs any more (still in the index). */
  expire(nowSeconds: number): RootText[]
  roots(): RootText[]
  /** Pieces of a disk without their trees, in the order of their roots, from after `after`. */
  listOn(disk: string | null, after?: RootText | null, limit?: number): PieceOnDisk[]
  /** Notes that a piece, whose file is durable on `to`, no longer lies on `from`. False when it was not there any more. */
  moveTo(root: RootText, from: string, to: string): boolean
  usedOn(disk: string | null): { readonly pieces: number; readonly bytes: number }
  /**
   * Gives up all pieces of a disk that never comes back and returns them; asked again it returns none. Nothing here holds them
   * any more, and `isLost` remembers why they are missing.
   */
  loseDisk(disk: string): { readonly root: RootText; readonly lengthBytes: number }[]
  isLost(root: RootText): boolean
  /** Customers whose data sets name lost pieces. */
  customersWithLosses(): string[]
  /** Data sets that have pieces on a disk. */
  setsOn(disk: string | null): number
  /** The piece of a disk whose last check is oldest. */
  nextToScrub(disk: string): { root: RootText; scrubbedAtMs: number } | null
  scrubOf(disk: string): ScrubState
  /** Bytes of a disk that were last read before a time. */
  bytesReadBefore(disk: string, beforeMs: number): number
  /** Begins a new round once the last one is complete. */
  beginScrubRound(disk: string, nowMs: number): void
  markScrubbed(root: RootText, nowMs: number): void
  noteProof(customer: string, period: number, transactionHash: string, nowMs: number): void
  /** Epoch milliseconds of the newest accepted proof, null before the first. */
  lastProofAtMs(): number | null
  totals(): { pieces: number; customers: number; usedBytes: number; pendingBytes: number }
  pendingBytesOf(customer: string): number
}

/** The index over a database that was opened with `providerMigrations`. */
export function createPieceIndex(database: Database): PieceIndex {
  const sql = prepareStatements(database)
  return {
    ...pieceMethods(database, sql),
    ...diskMethods(sql),
    ...lossMethods(database, sql),
    ...setMethods(database, sql),
    ...totalMethods(sql),
  }
}

const low = (customer: string): string => customer.toLowerCase()

function pieceMethods(database: Database, sql: PieceStatements) {
  return {
    piece(root) {
      const row = sql.piece.get(root)
      return row === null ? null : pieceOf(row)
    },
    holds: (root, customer) => sql.holds.get(root, low(customer)) !== null,
    addPiece: (added, customer, keepUntilSeconds, nowMs) =>
      database.transaction(() => {
        sql.addPiece.run(added.root, added.lengthBytes, added.blockLayer, nowMs, nowMs, added.disk)
        sql.addHolding.run(added.root, low(customer), keepUntilSeconds)
        sql.found.run(added.root)
      }),
    keepUntil: (root, customer, seconds) => void sql.keepUntil.run(seconds, root, low(customer)),
    markDamaged: (root) => void sql.markDamaged.run(root),
    forgetUnneeded: (root) => sql.forget.run(root).changes > 0,
    expire: (nowSeconds) =>
      database.transaction(() => {
        sql.expire.run(nowSeconds)
        return sql.unneeded.all().map((row) => parseRoot(String(row['root'])))
      }),
    roots: () => sql.roots.all().map((row) => parseRoot(String(row['root']))),
    markScrubbed: (root, nowMs) => void sql.markScrubbed.run(nowMs, root),
  } satisfies Partial<PieceIndex>
}

function diskMethods(sql: PieceStatements) {
  return {
    listOn: (disk, after = null, limit = -1) => sql.listOn.all(disk, after ?? '', limit).map(pieceOnDiskOf),
    moveTo: (root, from, to) => sql.moveTo.run(to, root, from).changes > 0,
    usedOn(disk) {
      const row = sql.usedOn.get(disk)
      return { pieces: Number(row?.['pieces'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) }
    },
    setsOn: (disk) => Number(sql.setsOn.get(disk)?.['sets'] ?? 0),
    nextToScrub(disk) {
      const row = sql.nextToScrub.get(disk)
      return row === null ? null : { root: parseRoot(String(row['root'])), scrubbedAtMs: Number(row['scrubbed_at_ms']) }
    },
    scrubOf(disk) {
      // Before the first round every piece counts as read when it was stored.
      const beganAtMs = Number(sql.scrubBegan.get(disk)?.['began'] ?? 0)
      const row = sql.scrubOf.get(beganAtMs, disk)
      const oldest = row?.['oldest']
      return {
        beganAtMs,
        totalBytes: Number(row?.['total'] ?? 0),
        readBytes: Number(row?.['read'] ?? 0),
        oldestAtMs: typeof oldest === 'number' ? oldest : null,
      }
    },
    bytesReadBefore: (disk, beforeMs) => Number(sql.readBefore.get(disk, beforeMs)?.['bytes'] ?? 0),
    beginScrubRound: (disk, nowMs) => void sql.beginScrub.run(nowMs, disk),
  } satisfies Partial<PieceIndex>
}

function lossMethods(database: Database, sql: PieceStatements) {
  return {
    loseDisk: (disk) =>
      database.transaction(() => {
        const lost = sql.lose.all(disk)
        sql.dropHoldingsOn.run(disk)
        sql.dropPiecesOn.run(disk)
        return lost.map((row) => ({
          root: parseRoot(String(row['root'])),
          lengthBytes: Number(row['length_bytes']),
        }))
      }),
    isLost: (root) => sql.isLost.get(root) !== null,
    customersWithLosses: () => sql.setsWithLosses.all().map((row) => String(row['customer'])),
  } satisfies Partial<PieceIndex>
}

function pieceOnDiskOf(row: Row): PieceOnDisk {
  return {
    root: parseRoot(String(row['root'])),
    lengthBytes: Number(row['length_bytes']),
    damaged: row['damaged'] === 1,
  }
}

function setMethods(database: Database, sql: PieceStatements) {
  const setPieces = (customer: string): SetPiece[] => sql.setPieces.all(low(customer)).map(setPieceOf)
  return {
    setPieces,
    setCustomers: () => sql.setCustomers.all().map((row) => String(row['customer'])),
    replaceSet: (customer, pieces, graceSeconds) =>
      database.transaction(() => {
        const known = new Set(setPieces(customer).map((each) => `${each.index} ${each.root}`))
        sql.clearSet.run(low(customer))
        for (const each of pieces) {
          const { index, root, lengthBytes, firstLeaf, leafCount } = each
          sql.addSetPiece.run(low(customer), index, root, lengthBytes, firstLeaf, leafCount, each.removed ? 1 : 0)
        }
        sql.bindHoldings.run(low(customer))
        sql.releaseHoldings.run(graceSeconds, low(customer))
        return { added: pieces.filter((each) => !each.removed && !known.has(`${each.index} ${each.root}`)) }
      }),
    noteProof: (customer, period, hash, nowMs) => void sql.noteProof.run(low(customer), period, hash, nowMs),
  } satisfies Partial<PieceIndex>
}

function totalMethods(sql: PieceStatements) {
  return {
    damagedCount: () => Number(sql.damaged.get()?.['count'] ?? 0),
    lastProofAtMs() {
      const at = sql.lastProof.get()?.['at_ms']
      return typeof at === 'number' ? at : null
    },
    totals() {
      const row = sql.totals.get()
      return {
        pieces: Number(row?.['pieces'] ?? 0),
        customers: Number(sql.customers.get()?.['customers'] ?? 0),
        usedBytes: Number(row?.['used'] ?? 0),
        pendingBytes: Number(sql.pending.get()?.['pending'] ?? 0),
      }
    },
    pendingBytesOf: (customer) => Number(sql.pendingOf.get(low(customer))?.['pending'] ?? 0),
  } satisfies Partial<PieceIndex>
}

function pieceOf(row: Row): StoredPiece {
  return {
    root: parseRoot(String(row['root'])),
    lengthBytes: Number(row['length_bytes']),
    blockLayer: row['block_layer'] as Uint8Array,
    damaged: row['damaged'] === 1,
    disk: String(row['disk']),
  }
}

function setPieceOf(row: Row): SetPiece {
  return {
    index: Number(row['piece_index']),
    root: parseRoot(String(row['root'])),
    lengthBytes: Number(row['length_bytes']),
    firstLeaf: Number(row['first_leaf']),
    leafCount: Number(row['leaf_count']),
    removed: row['removed'] === 1,
  }
}
