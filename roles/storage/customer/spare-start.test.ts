import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSpareStart, type SpareStart } from './spare-start.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

async function hasStarted({ started }: SpareStart): Promise<boolean> {
  return Promise.race([started.then(() => true), Promise.resolve().then(() => Promise.resolve(false))])
}

describe('spare uploads', () => {
  it('begin at once when nothing is known of the providers', async () => {
    expect(await hasStarted(createSpareStart(0))).toBe(true)
  })

  it('wait for half of the needed ones, and then as long again', async () => {
    const spares = createSpareStart(6)
    vi.advanceTimersByTime(1_000)
    for (let placed = 0; placed < 6; placed++) spares.onPlaced()
    vi.advanceTimersByTime(999)
    expect(await hasStarted(spares)).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await hasStarted(spares)).toBe(true)
  })

  it('never begin by themselves while too few have arrived', async () => {
    const spares = createSpareStart(6)
    for (let placed = 0; placed < 5; placed++) spares.onPlaced()
    vi.advanceTimersByTime(600_000)
    expect(await hasStarted(spares)).toBe(false)
  })

  it('begin as soon as one of the needed ones fails', async () => {
    const spares = createSpareStart(6)
    spares.startNow()
    spares.startNow()
    expect(await hasStarted(spares)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})
