import { describe, expect, it } from 'vitest'
import { makePace } from './pace.ts'

const forever = new AbortController().signal

/** How long the next draw has to wait. */
async function waitMs(pace: ReturnType<typeof makePace>): Promise<number> {
  const startMs = performance.now()
  await pace.wait(forever)
  return performance.now() - startMs
}

describe('the pace of the engine', () => {
  it('rests after a draw in proportion to the share it may take', async () => {
    const pace = makePace()
    expect(await pace.wait(forever)).toBe(false)
    pace.set(0.25)
    pace.report(60)
    expect(await waitMs(pace)).toBeGreaterThanOrEqual(170)
    expect(await pace.wait(forever)).toBe(true)
  })

  it('pauses at once and goes on at once', async () => {
    const pace = makePace()
    pace.set(0)
    let isOver = false
    const paused = pace.wait(forever).then(() => (isOver = true))
    await new Promise((done) => setTimeout(done, 200))
    expect(isOver).toBe(false)
    pace.set(1)
    await paused
  })

  it('ends with a cancellation, also while it is paused', async () => {
    const pace = makePace()
    const cancel = new AbortController()
    pace.set(0)
    const paused = pace.wait(cancel.signal)
    cancel.abort()
    await expect(paused).rejects.toMatchObject({ code: 'cancelled' })
  })
})
