import { z } from 'zod'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration, Row } from '../../roles/persistence/index.ts'
import { enterScope } from './enter-scope.ts'

const migrations: readonly Migration[] = [
  {
    title: 'earnings as the chain told them',
    sql: `CREATE TABLE scope (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL) STRICT;
      CREATE TABLE checkpoint (block_number INTEGER PRIMARY KEY, block_hash TEXT NOT NULL) STRICT;
      CREATE TABLE earning (
        block_number INTEGER NOT NULL, log_index INTEGER NOT NULL, block_hash TEXT NOT NULL,
        transaction_hash TEXT NOT NULL, at_seconds INTEGER NOT NULL, role TEXT NOT NULL, node TEXT NOT NULL,
        customer TEXT, kind TEXT NOT NULL, amount_wei TEXT NOT NULL, burned_wei TEXT NOT NULL,
        PRIMARY KEY (block_number, log_index)) STRICT, WITHOUT ROWID;
      CREATE INDEX earning_by_time ON earning (at_seconds);`,
  },
  {
    title: 'rewards that payments settle; what was gathered without them is gathered again',
    sql: `ALTER TABLE earning ADD COLUMN reward_wei TEXT NOT NULL DEFAULT '0';
      DELETE FROM earning; DELETE FROM checkpoint;`,
  },
  {
    title: 'one list of work, rewards, claims and moves into stake; what was gathered before is gathered again',
    sql: `DROP TABLE earning; DELETE FROM checkpoint;
      CREATE TABLE book_row (
        block_number INTEGER NOT NULL, log_index INTEGER NOT NULL, part INTEGER NOT NULL,
        transaction_hash TEXT NOT NULL, at_seconds INTEGER NOT NULL, kind TEXT NOT NULL, role TEXT, node TEXT,
        customer TEXT, work TEXT, amount_wei TEXT NOT NULL, burned_wei TEXT NOT NULL, of_seconds INTEGER,
        PRIMARY KEY (block_number, log_index, part)) STRICT, WITHOUT ROWID;
      CREATE INDEX book_row_by_time ON book_row (at_seconds);
      CREATE INDEX book_row_by_role ON book_row (role, kind, block_number, log_index);`,
  },
  {
    title: 'rewards count when their epoch ended; what was gathered before is gathered again',
    sql: `DELETE FROM book_row; DELETE FROM checkpoint; DROP INDEX book_row_by_time;
      CREATE INDEX book_row_by_time ON book_row (at_seconds, block_number, log_index, part);`,
  },
]

const rowSchema = z
  .object({
    block_number: z.coerce.number(),
    log_index: z.coerce.number(),
    part: z.coerce.number(),
    transaction_hash: z.string(),
    at_seconds: z.coerce.number(),
    kind: z.enum(['work', 'reward', 'claim', 'stake']),
    role: roleNameSchema.nullable(),
    node: z.string().nullable(),
    customer: z.string().nullable(),
    work: z.enum(['storageProof', 'voucher', 'repair', 'renderUnit', 'energyDay']).nullable(),
    amount_wei: z.string(),
    burned_wei: z.string(),
    of_seconds: z.coerce.number().nullable(),
  })
  .transform((row) => ({
    blockNumber: row.block_number,
    logIndex: row.log_index,
    part: row.part,
    transactionHash: row.transaction_hash,
    atSeconds: row.at_seconds,
    kind: row.kind,
    role: row.role,
    node: row.node,
    customer: row.customer,
    work: row.work,
    amountWei: BigInt(row.amount_wei),
    burnedWei: BigInt(row.burned_wei),
    ofSeconds: row.of_seconds,
  }))

/**
 * One line of the books, as an event of the chain said it. Work and rewards come in, claims and moves into stake go out;
 * amounts are positive in all. A payment that settles a reward makes two lines: part 0 is the reward, part 1 the work.
 * `ofSeconds`, of rewards only: when the role was last paid before, which lies in the epoch whose share it is. A reward's
 * `atSeconds` is the end of that epoch, since from then on it was due; the payment that settled it has the time of its block.
 */
export type BookRow = Readonly<z.infer<typeof rowSchema>>

/** A line as it is gathered, with the time of its block: the history itself knows what a reward belongs to. */
export type GatheredRow = Omit<BookRow, 'ofSeconds'>

/** A place between two lines of the chain. */
export type BookPlace = Pick<BookRow, 'blockNumber' | 'logIndex' | 'part'>
/** A place between two lines by time. */
export type TimePlace = BookPlace & Pick<BookRow, 'atSeconds'>

/** A block up to which everything has been gathered. */
export type Checkpoint = { readonly blockNumber: number; readonly blockHash: string }

/** What one operator earned on one chain, kept beside it so that a page opens at once and without the chain. */
export type EarningHistory = {
  /** Newest first. */
  checkpoints(): readonly Checkpoint[]
  /** Adds a gathered range and its end as one step; `dueSeconds` tells from `ofSeconds` when a reward was due. */
  append(rows: readonly GatheredRow[], end: Checkpoint, dueSeconds: (ofSeconds: number) => number): void
  /** Forgets everything after a block; `null` forgets all. For a chain that was reorganized or came back older. */
  rewindTo(blockNumber: number | null): void
  /** Changes whenever something was forgotten; whoever added up begins again then, else goes on with what is new. */
  generation(): number
  /** In order of the chain, after a place; null begins with the first. */
  after(place: BookPlace | null, limit: number): readonly BookRow[]
  /** By time, the oldest first, after a place; null begins with the first. */
  oldest(place: TimePlace | null, limit: number): readonly BookRow[]
  /** By time, the newest first, of the blocks up to one. */
  newest(options: { throughBlock: number; offset: number; limit: number }): readonly BookRow[]
  /** How many lines of the blocks up to one are later than a time. */
  countLater(options: { throughBlock: number; atSeconds: number }): number
  close(): void
}

/** Checkpoints that are kept: a reorganization deeper than the oldest gathers everything anew. */
const keptCheckpoints = 200

const before = { atSeconds: -1, blockNumber: -1, logIndex: -1, part: -1 }

/**
 * Opens the history in its own database file. `scope` names chain and operator: what was gathered for another one is
 * forgotten, since it can be gathered again. Throws DatabaseError.
 */
export function openEarningHistory(path: string, scope: string): EarningHistory {
  const database = openDatabase(path, migrations)
  const clear = () => database.exec('DELETE FROM book_row; DELETE FROM checkpoint;')
  enterScope(database, scope, clear)
  const insert = database.prepare('INSERT OR REPLACE INTO book_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const paidBefore = database.prepare(
    `SELECT at_seconds FROM book_row WHERE role = ? AND kind = 'work' AND (block_number, log_index) < (?, ?)
      ORDER BY block_number DESC, log_index DESC LIMIT 1`,
  )
  const ofSeconds = ({ kind, role, blockNumber, logIndex }: GatheredRow) => {
    if (kind !== 'reward') return null
    const row = paidBefore.get(role, blockNumber, logIndex)
    return row === null ? null : Number(row['at_seconds'])
  }
  const mark = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)')
  const trim = database.prepare(
    'DELETE FROM checkpoint WHERE block_number NOT IN (SELECT block_number FROM checkpoint ORDER BY block_number DESC LIMIT ?)',
  )
  const marks = database.prepare('SELECT block_number, block_hash FROM checkpoint ORDER BY block_number DESC')
  const ascending = database.prepare(
    `SELECT * FROM book_row WHERE (block_number, log_index, part) > (?, ?, ?)
      ORDER BY block_number, log_index, part LIMIT ?`,
  )
  const byTime = database.prepare(
    `SELECT * FROM book_row WHERE (at_seconds, block_number, log_index, part) > (?, ?, ?, ?)
      ORDER BY at_seconds, block_number, log_index, part LIMIT ?`,
  )
  // What a page skips is counted in the index alone; only its own lines are read.
  const newestFirst = 'at_seconds DESC, block_number DESC, log_index DESC, part DESC'
  const descending = database.prepare(
    `SELECT * FROM book_row WHERE (block_number, log_index, part) IN (
        SELECT block_number, log_index, part FROM book_row WHERE block_number <= ?
          ORDER BY ${newestFirst} LIMIT ? OFFSET ?)
      ORDER BY ${newestFirst}`,
  )
  const later = database.prepare('SELECT count(*) AS n FROM book_row WHERE at_seconds > ? AND block_number <= ?')
  const dropRows = database.prepare('DELETE FROM book_row WHERE block_number > ?')
  const dropMarks = database.prepare('DELETE FROM checkpoint WHERE block_number > ?')
  let generation = 0
  return {
    generation: () => generation,
    checkpoints: () =>
      marks.all().map((row) => ({ blockNumber: Number(row['block_number']), blockHash: String(row['block_hash']) })),
    append: (rows, end, dueSeconds) =>
      database.transaction(() => {
        for (const row of rows) {
          const of = ofSeconds(row)
          insert.run(...valuesOf(of === null ? row : { ...row, atSeconds: dueSeconds(of) }), of)
        }
        mark.run(end.blockNumber, end.blockHash)
        trim.run(keptCheckpoints)
      }),
    rewindTo: (blockNumber) =>
      database.transaction(() => {
        generation++
        if (blockNumber === null) return clear()
        dropRows.run(blockNumber)
        dropMarks.run(blockNumber)
      }),
    after: (place, limit) => {
      const { blockNumber, logIndex, part } = place ?? before
      return ascending.all(blockNumber, logIndex, part, limit).map(bookRowOf)
    },
    oldest: (place, limit) => {
      const { atSeconds, blockNumber, logIndex, part } = place ?? before
      return byTime.all(atSeconds, blockNumber, logIndex, part, limit).map(bookRowOf)
    },
    newest: ({ throughBlock, offset, limit }) => descending.all(throughBlock, limit, offset).map(bookRowOf),
    countLater: ({ throughBlock, atSeconds }) => Number(later.get(atSeconds, throughBlock)?.['n'] ?? 0),
    close: () => database.close(),
  }
}

function valuesOf(row: GatheredRow) {
  return [
    row.blockNumber,
    row.logIndex,
    row.part,
    row.transactionHash,
    row.atSeconds,
    row.kind,
    row.role,
    row.node,
    row.customer,
    row.work,
    row.amountWei.toString(),
    row.burnedWei.toString(),
  ] as const
}

function bookRowOf(row: Row): BookRow {
  return rowSchema.parse(row)
}
