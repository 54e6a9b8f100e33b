import { describe, expect, test } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import { watchGraphics } from './graphics-watch.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve, 1))

/** A card whose driver says what it is told to say, counting how often it is asked. */
function card() {
  const state = { busyShare: null as number | null, celsius: null as number | null, asked: 0 }
  const watch = watchGraphics({
    readGpuLoad: () => {
      state.asked++
      return Promise.resolve({ busyShare: state.busyShare, celsius: state.celsius })
    },
    log: silentLog,
  })
  const at = async (nowMs: number, ownShare = 0) => {
    watch.read({ nowMs, ownShare, idleSeconds: null })
    await settled()
    return watch.read({ nowMs, ownShare, idleSeconds: null })
  }
  return { state, at }
}

describe('the watch over the graphics processor', () => {
  test('takes no notice of what our own rendering uses', async () => {
    const { state, at } = card()
    state.busyShare = 0.8
    expect((await at(10_000, 0.75)).usedByOthersAtMs).toBeNull()
  })

  test('takes no notice of what we were still allowed a moment ago', async () => {
    const { state, at } = card()
    state.busyShare = 0.7
    await at(10_000, 0.75)
    // Paused within the span that the driver counted.
    await at(11_000, 0)
    expect((await at(12_005, 0)).usedByOthersAtMs).toBeNull()
  })

  test('notices a game beside our rendering, and one that begins while we rest', async () => {
    const { state, at } = card()
    state.busyShare = 1
    expect((await at(10_000, 0.5)).usedByOthersAtMs).toBe(10_000)
    expect((await at(20_000, 0)).usedByOthersAtMs).toBe(20_000)
    state.busyShare = 0.1
    expect((await at(30_000, 0)).usedByOthersAtMs).toBe(20_000)
  })

  test('knows nothing of use where nobody can tell, and remembers heat', async () => {
    const { state, at } = card()
    state.celsius = 91
    expect(await at(10_000)).toMatchObject({ usedByOthersAtMs: null, hotAtMs: 10_000, celsius: 91 })
    state.celsius = 60
    expect(await at(20_000)).toMatchObject({ hotAtMs: 10_000, celsius: 60 })
  })

  test('asks the driver at most every two seconds, however often the governor decides', async () => {
    const { state, at } = card()
    for (let nowMs = 10_000; nowMs < 14_000; nowMs += 250) await at(nowMs)
    expect(state.asked).toBe(2)
  })
})
