import type { Database, Migration } from '../../persistence/index.ts'

/** Append to the migrations of the render role's database. */
export const panelMigrations: readonly Migration[] = [
  {
    title: 'seats on panels about results of others',
    sql: `CREATE TABLE panel_seats (
      job_id TEXT NOT NULL, task INTEGER NOT NULL, vote_by_seconds INTEGER NOT NULL, reveal_by_seconds INTEGER NOT NULL,
      vote TEXT, salt BLOB, state TEXT NOT NULL DEFAULT 'looking', PRIMARY KEY (job_id, task)) STRICT`,
  },
]

/** A seat on the panel about one result. `looking`, then `voted` (hidden, on chain), then `done`. */
export type PanelSeat = {
  readonly jobId: string
  readonly task: number
  readonly voteBySeconds: number
  readonly revealBySeconds: number
  readonly vote: 'right' | 'wrong' | 'neither' | null
  readonly salt: Uint8Array | null
  readonly state: 'looking' | 'voted' | 'done'
}

export type PanelBook = {
  /** A task that was drawn anew may be disputed anew: a later panel about it takes the place of the one before. */
  add(seat: Pick<PanelSeat, 'jobId' | 'task' | 'voteBySeconds' | 'revealBySeconds'>): void
  open(): PanelSeat[]
  /** Durable before the vote goes out: without its salt it could never be opened. */
  decide(seat: PanelSeat, vote: NonNullable<PanelSeat['vote']>, salt: Uint8Array): void
  move(seat: PanelSeat, state: PanelSeat['state']): void
}

export function createPanelBook(database: Database): PanelBook {
  const add = database.prepare(
    `INSERT INTO panel_seats (job_id, task, vote_by_seconds, reveal_by_seconds) VALUES (?, ?, ?, ?)
     ON CONFLICT (job_id, task) DO UPDATE SET vote_by_seconds = excluded.vote_by_seconds,
       reveal_by_seconds = excluded.reveal_by_seconds, vote = NULL, salt = NULL, state = 'looking'
     WHERE excluded.vote_by_seconds > panel_seats.vote_by_seconds`,
  )
  const open = database.prepare("SELECT * FROM panel_seats WHERE state <> 'done'")
  const decide = database.prepare('UPDATE panel_seats SET vote = ?, salt = ? WHERE job_id = ? AND task = ?')
  const move = database.prepare('UPDATE panel_seats SET state = ? WHERE job_id = ? AND task = ?')
  return {
    add: (seat) => void add.run(seat.jobId, seat.task, seat.voteBySeconds, seat.revealBySeconds),
    open: () =>
      open.all().map((row) => ({
        jobId: String(row['job_id']),
        task: Number(row['task']),
        voteBySeconds: Number(row['vote_by_seconds']),
        revealBySeconds: Number(row['reveal_by_seconds']),
        vote: row['vote'] as PanelSeat['vote'],
        salt: row['salt'] as Uint8Array | null,
        state: row['state'] as PanelSeat['state'],
      })),
    decide: (seat, vote, salt) => void decide.run(vote, salt, seat.jobId, seat.task),
    move: (seat, state) => void move.run(state, seat.jobId, seat.task),
  }
}
