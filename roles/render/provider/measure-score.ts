import { z } from 'zod'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import { renderScoreSchema } from '../../api/render-status.ts'
import type { Log } from '../../api/values.ts'
import { backEndSchema } from '../protocol/engine-messages.ts'
import { usualPatience, type Patience } from '../surface/engine-channel.ts'
import { createEngineClient } from '../surface/engine-client.ts'
import type { TaskBook } from './task-book.ts'

const scoreSchema = z.object({ ...renderScoreSchema.shape, backEnd: backEndSchema })

/** What this machine can do, measured once. */
export type Score = Readonly<z.infer<typeof scoreSchema>>

/** Long enough for a processor that plays the graphics card to do some samples. */
const benchmarkSeconds = 5
const scoreNote = 'score'

/** The score that was measured before, or null. */
export function savedScore(book: Pick<TaskBook, 'note'>): Score | null {
  const text = book.note(scoreNote)
  if (text === null) return null
  const parsed = scoreSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : null
}

/**
 * Measures the graphics processor on the engine's standard scene in a window of its own, and remembers the result. Rejects with what the platform
 * says where no window can be had.
 */
export async function measureScore(o: {
  openSurface: OpenRenderSurface
  book: Pick<TaskBook, 'setNote'>
  log: Log
  patience?: Patience
  signal: AbortSignal
}): Promise<Score> {
  const surface = await o.openSurface({ signal: o.signal })
  const client = createEngineClient(surface, { log: o.log, patience: o.patience ?? usualPatience })
  try {
    const { facts, backEnd, megasamplesPerSecond } = await client.benchmark(benchmarkSeconds, { signal: o.signal })
    const { device, software } = facts
    const score = { megasamplesPerSecond, backEnd, device: device.slice(0, 200), software, measuredAtMs: Date.now() }
    o.book.setNote(scoreNote, JSON.stringify(score))
    return score
  } finally {
    client.close()
  }
}
