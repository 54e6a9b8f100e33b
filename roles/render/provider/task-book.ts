import { z } from 'zod'
import type { Database, Migration, Row } from '../../persistence/index.ts'
import { backEndSchema, type BackEnd } from '../protocol/engine-messages.ts'
import { renderJobSchema, type RenderJob } from '../protocol/render-job.ts'

/** Append to the migrations of the render role's database. */
export const taskMigrations: readonly Migration[] = [
  {
    title: 'jobs that were announced, tasks that were drawn, and what is kept until they are paid',
    sql: `
      CREATE TABLE jobs (
        job_id TEXT PRIMARY KEY, customer TEXT NOT NULL, replicas INTEGER NOT NULL, price_wei TEXT NOT NULL,
        scene_hash TEXT NOT NULL, spec_hash TEXT NOT NULL, spec TEXT) STRICT;
      CREATE TABLE tasks (
        job_id TEXT NOT NULL REFERENCES jobs (job_id), task INTEGER NOT NULL, state TEXT NOT NULL,
        drawn_at_ms INTEGER NOT NULL, commit_by_seconds INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, reason TEXT,
        salt BLOB, key BLOB, back_end TEXT, render_ms REAL, opened TEXT NOT NULL DEFAULT '[]', paid_wei TEXT,
        PRIMARY KEY (job_id, task)) STRICT;
      CREATE INDEX tasks_by_state ON tasks (state, commit_by_seconds);
      CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
  },
]

/**
 * How far a task is here: `waiting` for its scene or its turn, `rendered` (sums, salt and key are on disk), `committed`, `revealed`, and the
 * ends: `paid`, `refused` by the customer or a panel, `failed` here, `missed` a time.
 */
export const taskStates = [
  'waiting',
  'rendered',
  'committed',
  'revealed',
  'paid',
  'refused',
  'failed',
  'missed',
] as const
export type LocalState = (typeof taskStates)[number]

/** A job as the chain has it, with the customer's own words once he announced it. */
export type BookedJob = {
  readonly jobId: string
  readonly customer: string
  readonly replicas: number
  readonly priceWei: bigint
  readonly sceneHash: string
  readonly specHash: string
  readonly spec: RenderJob | null
}

export type BookedTask = {
  readonly jobId: string
  readonly task: number
  readonly state: LocalState
  readonly drawnAtMs: number
  readonly commitBySeconds: number
  /** Times that rendering it was begun anew after it failed. */
  readonly tries: number
  readonly reason: string | null
  readonly salt: Uint8Array | null
  readonly key: Uint8Array | null
  readonly backEnd: BackEnd | null
  readonly renderMs: number | null
  /** Cells that were shown to the customer. */
  readonly opened: readonly number[]
  readonly paidWei: bigint | null
}

/** What a node knows of its work; every change is durable when the call returns. */
export type TaskBook = {
  addJob(job: Omit<BookedJob, 'spec'>): void
  job(jobId: string): BookedJob | null
  setSpec(jobId: string, spec: RenderJob): void
  /** Does nothing for a task that is known, unless its time was missed and it was drawn anew. True when there is something to do. */
  addTask(task: Pick<BookedTask, 'jobId' | 'task' | 'drawnAtMs' | 'commitBySeconds'>): boolean
  task(jobId: string, task: number): BookedTask | null
  /** Tasks in these states, most urgent first. */
  tasksIn(...states: readonly LocalState[]): BookedTask[]
  tasksOf(jobId: string): BookedTask[]
  noteRendered(
    jobId: string,
    task: number,
    o: { salt: Uint8Array; key: Uint8Array; backEnd: BackEnd; renderMs: number },
  ): void
  noteTry(jobId: string, task: number): void
  noteOpened(jobId: string, task: number, cells: readonly number[]): void
  move(jobId: string, task: number, state: LocalState, o?: { reason?: string; paidWei?: bigint }): void
  /** How many tasks ended in each way, and what they brought. */
  totals(): { accepted: number; refused: number; waiting: number; paidWei: bigint }
  note(name: string): string | null
  setNote(name: string, value: string): void
}

/** The book over a database that was opened with `taskMigrations`. */
export function createTaskBook(database: Database): TaskBook {
  const sql = prepare(database)
  return {
    addJob: (job) =>
      void sql.addJob.run(job.jobId, job.customer, job.replicas, job.priceWei.toString(), job.sceneHash, job.specHash),
    job: (jobId) => jobOf(sql.job.get(jobId)),
    setSpec: (jobId, spec) => void sql.setSpec.run(JSON.stringify(spec), jobId),
    addTask: (task) => sql.addTask.run(task.jobId, task.task, task.drawnAtMs, task.commitBySeconds).changes > 0,
    task: (jobId, task) => taskOf(sql.task.get(jobId, task)),
    tasksIn: (...states) => sql.tasksIn.all(JSON.stringify(states)).map((row) => taskOf(row)!),
    tasksOf: (jobId) => sql.tasksOf.all(jobId).map((row) => taskOf(row)!),
    noteRendered: (jobId, task, o) => void sql.rendered.run(o.salt, o.key, o.backEnd, o.renderMs, jobId, task),
    noteTry: (jobId, task) => void sql.tried.run(jobId, task),
    noteOpened: (jobId, task, cells) => void sql.opened.run(JSON.stringify(cells), jobId, task),
    move: (jobId, task, state, { reason, paidWei } = {}) =>
      void sql.move.run(state, reason?.slice(0, 300) ?? null, paidWei?.toString() ?? null, jobId, task),
    totals() {
      const count = (state: LocalState): number => Number(sql.count.get(state)?.['count'] ?? 0)
      const paidWei = sql.paid.all().reduce((sum, row) => sum + BigInt(String(row['paid_wei'])), 0n)
      return {
        accepted: count('paid'),
        refused: count('refused'),
        waiting: count('committed') + count('revealed'),
        paidWei,
      }
    },
    note: (name) => (sql.note.get(name)?.['value'] as string | undefined) ?? null,
    setNote: (name, value) => void sql.setNote.run(name, value),
  }
}

function prepare(database: Database) {
  const p = (sql: string) => database.prepare(sql)
  return {
    addJob: p('INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, ?, ?, ?, NULL)'),
    job: p('SELECT * FROM jobs WHERE job_id = ?'),
    setSpec: p('UPDATE jobs SET spec = ? WHERE job_id = ?'),
    addTask: p(
      // A redraw may give the same task to the same node once more.
      `INSERT INTO tasks (job_id, task, state, drawn_at_ms, commit_by_seconds) VALUES (?, ?, 'waiting', ?, ?)
       ON CONFLICT DO UPDATE SET state = 'waiting', drawn_at_ms = excluded.drawn_at_ms, tries = 0, reason = NULL,
         commit_by_seconds = excluded.commit_by_seconds, opened = '[]'
       WHERE state IN ('missed', 'failed') AND commit_by_seconds < excluded.commit_by_seconds`,
    ),
    task: p('SELECT * FROM tasks WHERE job_id = ? AND task = ?'),
    tasksIn: p(
      'SELECT * FROM tasks WHERE state IN (SELECT value FROM json_each(?)) ORDER BY commit_by_seconds, job_id, task',
    ),
    tasksOf: p('SELECT * FROM tasks WHERE job_id = ? ORDER BY task'),
    rendered: p(
      `UPDATE tasks SET state = 'rendered', salt = ?, key = ?, back_end = ?, render_ms = ? WHERE job_id = ? AND task = ?`,
    ),
    tried: p('UPDATE tasks SET tries = tries + 1 WHERE job_id = ? AND task = ?'),
    opened: p('UPDATE tasks SET opened = ? WHERE job_id = ? AND task = ?'),
    move: p(
      `UPDATE tasks SET state = ?, reason = coalesce(?, reason), paid_wei = coalesce(?, paid_wei) WHERE job_id = ? AND task = ?`,
    ),
    count: p('SELECT count(*) AS count FROM tasks WHERE state = ?'),
    paid: p('SELECT paid_wei FROM tasks WHERE paid_wei IS NOT NULL'),
    note: p('SELECT value FROM notes WHERE name = ?'),
    setNote: p('INSERT OR REPLACE INTO notes VALUES (?, ?)'),
  }
}

function jobOf(row: Row | null): BookedJob | null {
  if (row === null) return null
  const spec = row['spec'] as string | null
  return {
    jobId: String(row['job_id']),
    customer: String(row['customer']),
    replicas: Number(row['replicas']),
    priceWei: BigInt(String(row['price_wei'])),
    sceneHash: String(row['scene_hash']),
    specHash: String(row['spec_hash']),
    spec: spec === null ? null : renderJobSchema.parse(JSON.parse(spec)),
  }
}

const bytesOrNull = z.instanceof(Uint8Array).nullable()

function taskOf(row: Row | null): BookedTask | null {
  if (row === null) return null
  const paid = row['paid_wei'] as string | null
  return {
    jobId: String(row['job_id']),
    task: Number(row['task']),
    state: z.enum(taskStates).parse(row['state']),
    drawnAtMs: Number(row['drawn_at_ms']),
    commitBySeconds: Number(row['commit_by_seconds']),
    tries: Number(row['tries']),
    reason: row['reason'] as string | null,
    salt: bytesOrNull.parse(row['salt']),
    key: bytesOrNull.parse(row['key']),
    backEnd: backEndSchema.nullable().parse(row['back_end']),
    renderMs: row['render_ms'] as number | null,
    opened: z.array(z.number()).parse(JSON.parse(String(row['opened']))),
    paidWei: paid === null ? null : BigInt(paid),
  }
}
