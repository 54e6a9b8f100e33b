import type { EpochClock } from '../../contracts/client/index.ts'
import type { BookPlace, EarningHistory } from '../store/index.ts'
import { BookTotals } from './book-totals.ts'

/** Lines that are read from disk at once. */
const batchRows = 5_000

/** Totals that always are those of the whole history, and cost only what is new in it. */
export type FollowedTotals = {
  totals(): BookTotals
  /** Counts epochs from now on; adds everything up once more if they were not counted before. */
  useClock(clock: EpochClock): void
}

/** Adds up a history as it grows; begins again where it has forgotten something. */
export function followTotals(
  history: Pick<EarningHistory, 'after' | 'generation'>,
  localDay: (epochMs: number) => string,
): FollowedTotals {
  let totals = new BookTotals({ clock: null, localDay })
  let generation = history.generation()
  let reached: BookPlace | null = null

  function begin(clock: EpochClock | null): void {
    totals = new BookTotals({ clock, localDay })
    generation = history.generation()
    reached = null
  }

  function catchUp(): void {
    for (;;) {
      const rows = history.after(reached, batchRows)
      for (const row of rows) totals.add(row)
      reached = rows.at(-1) ?? reached
      if (rows.length < batchRows) return
    }
  }

  return {
    totals() {
      if (generation !== history.generation()) begin(totals.clock)
      catchUp()
      return totals
    },
    useClock(clock) {
      if (totals.clock === null) begin(clock)
    },
  }
}
