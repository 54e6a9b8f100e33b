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
]

/** One payment for work, as an event of the chain said it. */
export type Earning = {
  readonly blockNumber: number
  readonly logIndex: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly atSeconds: number
  readonly role: z.infer<typeof roleNameSchema>
  readonly node: string
  readonly customer: string | null
  readonly kind: 'storageProof' | 'voucher' | 'repair'
  readonly amountWei: bigint
  readonly burnedWei: bigint
  /** Share of an earlier epoch's rewards that this payment settled. */
  readonly rewardWei: bigint
}

/** A block up to which everything has been gathered. */
export type Checkpoint = { readonly blockNumber: number; readonly blockHash: string }

/** What one operator earned on one chain, kept beside it so that a page opens at once and without the chain. */
export type EarningHistory = {
  /** Newest first. */
  checkpoints(): readonly Checkpoint[]
  /** Adds a gathered range and its end as one step. */
  append(earnings: readonly Earning[], end: Checkpoint): void
  /** Forgets everything after a block; `null` forgets all. For a chain that was reorganized or came back older. */
  rewindTo(blockNumber: number | null): void
  /** Changes whenever the earnings do; whoever keeps a copy reads again when it differs. */
  revision(): number
  /** In order of the chain. */
  since(atSeconds: number): readonly Earning[]
  close(): void
}

/** Checkpoints that are kept: a reorganization deeper than the oldest gathers everything anew. */
const keptCheckpoints = 200

/**
 * Opens the history in its own database file. `scope` names chain and operator: what was gathered for another one is
 * forgotten, since it can be gathered again. Throws DatabaseError.
 */
export function openEarningHistory(path: string, scope: string): EarningHistory {
  const database = openDatabase(path, migrations)
  const clear = () => database.exec('DELETE FROM earning; DELETE FROM checkpoint;')
  enterScope(database, scope, clear)
  const insert = database.prepare('INSERT OR REPLACE INTO earning VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const mark = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)')
  const trim = database.prepare(
    'DELETE FROM checkpoint WHERE block_number NOT IN (SELECT block_number FROM checkpoint ORDER BY block_number DESC LIMIT ?)',
  )
  const marks = database.prepare('SELECT block_number, block_hash FROM checkpoint ORDER BY block_number DESC')
  const select = database.prepare('SELECT * FROM earning WHERE at_seconds >= ? ORDER BY block_number, log_index')
  const dropEarnings = database.prepare('DELETE FROM earning WHERE block_number > ?')
  const dropMarks = database.prepare('DELETE FROM checkpoint WHERE block_number > ?')
  let revision = 0
  return {
    revision: () => revision,
    checkpoints: () =>
      marks.all().map((row) => ({ blockNumber: Number(row['block_number']), blockHash: String(row['block_hash']) })),
    append: (earnings, end) =>
      database.transaction(() => {
        if (earnings.length > 0) revision++
        for (const earning of earnings) insert.run(...valuesOf(earning))
        mark.run(end.blockNumber, end.blockHash)
        trim.run(keptCheckpoints)
      }),
    rewindTo: (blockNumber) =>
      database.transaction(() => {
        revision++
        if (blockNumber === null) return clear()
        dropEarnings.run(blockNumber)
        dropMarks.run(blockNumber)
      }),
    since: (atSeconds) => select.all(atSeconds).map(earningOf),
    close: () => database.close(),
  }
}

function valuesOf(e: Earning) {
  return [
    e.blockNumber,
    e.logIndex,
    e.blockHash,
    e.transactionHash,
    e.atSeconds,
    e.role,
    e.node,
    e.customer,
    e.kind,
    e.amountWei.toString(),
    e.burnedWei.toString(),
    e.rewardWei.toString(),
  ] as const
}

const rowSchema = z
  .object({
    block_number: z.coerce.number(),
    log_index: z.coerce.number(),
    block_hash: z.string(),
    transaction_hash: z.string(),
    at_seconds: z.coerce.number(),
    role: roleNameSchema,
    node: z.string(),
    customer: z.string().nullable(),
    kind: z.enum(['storageProof', 'voucher', 'repair']),
    amount_wei: z.string(),
    burned_wei: z.string(),
    reward_wei: z.string(),
  })
  .transform((row): Earning => ({
    blockNumber: row.block_number,
    logIndex: row.log_index,
    blockHash: row.block_hash,
    transactionHash: row.transaction_hash,
    atSeconds: row.at_seconds,
    role: row.role,
    node: row.node,
    customer: row.customer,
    kind: row.kind,
    amountWei: BigInt(row.amount_wei),
    burnedWei: BigInt(row.burned_wei),
    rewardWei: BigInt(row.reward_wei),
  }))

function earningOf(row: Row): Earning {
  return rowSchema.parse(row)
}
