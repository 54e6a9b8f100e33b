import { describe, expect, it } from 'vitest'
import { HearthError } from '../../roles/api/errors.ts'
import { silentLog } from '../../roles/api/values.ts'
import { snapshotSchema, type Snapshot } from '../api/snapshot.ts'
import type { EngineService } from '../api/engine.ts'
import { createEngineSlot } from './engine-slot.ts'
import { memoryLog, type LogLine } from './testing.ts'

/** An engine that only tells snapshots; the slot must not need more of it. */
function smallEngine() {
  let tell: (snapshot: Snapshot) => void = () => undefined
  let practiceStarts = 0
  const snapshot: Snapshot = {
    ...createEngineSlot({ log: silentLog, version: '9', startEngine: never }).snapshot(),
    operator: '0x1',
  }
  const engine = {
    snapshot: () => snapshot,
    onSnapshot: (listener: (value: Snapshot) => void) => ((tell = listener), () => undefined),
    onActivity: () => () => undefined,
    startPractice: async () => void practiceStarts++,
  } as unknown as EngineService
  return { engine, snapshot, tell: () => tell(snapshot), practiceStarts: () => practiceStarts }
}

const never = () => new Promise<EngineService>(() => undefined)

describe('the slot of the engine', () => {
  it('tells that it starts, in the shape that the window expects', () => {
    const slot = createEngineSlot({ log: silentLog, version: '1.2.3', startEngine: never })
    void slot.start()
    expect(snapshotSchema.parse(slot.snapshot())).toMatchObject({ version: '1.2.3', network: { kind: 'starting' } })
  })

  it('hands on the engine and what it tells once it runs', async () => {
    const { engine, snapshot, tell } = smallEngine()
    const slot = createEngineSlot({ log: silentLog, version: '1', startEngine: async () => engine })
    const seen: Snapshot[] = []
    slot.onSnapshot((value) => seen.push(value))
    const early = slot.start().then(() => slot.engine())
    expect(await early).toBe(engine)
    tell()
    expect(seen.slice(-2)).toEqual([snapshot, snapshot])
    expect(await slot.settled()).toBe(engine)
  })

  it('lets requests wait for an engine that is still starting', async () => {
    const { engine } = smallEngine()
    let finish: (engine: EngineService) => void = () => undefined
    const slot = createEngineSlot({
      log: silentLog,
      version: '1',
      startEngine: () => new Promise((resolve) => (finish = resolve)),
    })
    void slot.start()
    const waiting = slot.engine()
    await Promise.resolve()
    finish(engine)
    expect(await waiting).toBe(engine)
  })

  it('shows why a start failed, and tries again when asked', async () => {
    const { engine, practiceStarts } = smallEngine()
    const problem = new HearthError('SETTINGS_WRONG', 'settings.json is damaged.', { action: 'Mend it.' })
    const outcomes = [Promise.reject(problem), Promise.resolve(engine)]
    const slot = createEngineSlot({ log: silentLog, version: '1', startEngine: () => outcomes.shift() ?? never() })
    await slot.start()
    expect(slot.snapshot().network).toEqual({
      kind: 'failed',
      message: 'settings.json is damaged.',
      action: 'Mend it.',
    })
    await expect(slot.engine()).rejects.toBe(problem)
    expect(await slot.settled()).toBeNull()
    await slot.startPractice()
    expect(await slot.engine()).toBe(engine)
    await slot.startPractice()
    expect(practiceStarts()).toBe(1)
  })

  it('keeps the words of a bug out of the window', async () => {
    const lines: LogLine[] = []
    const slot = createEngineSlot({
      version: '1',
      startEngine: () => Promise.reject(new TypeError('x is undefined at /home/someone')),
      log: memoryLog(lines),
    })
    await slot.start()
    expect(slot.snapshot().network).toMatchObject({ kind: 'failed', action: expect.any(String) })
    expect(JSON.stringify(slot.snapshot())).not.toContain('/home/someone')
    expect(lines).toMatchObject([
      { level: 'error', details: { error: { message: 'x is undefined at /home/someone' } } },
    ])
  })

  it('starts only one engine however often it is asked', async () => {
    const { engine } = smallEngine()
    let starts = 0
    const slot = createEngineSlot({ log: silentLog, version: '1', startEngine: async () => (starts++, engine) })
    await Promise.all([slot.start(), slot.start()])
    await slot.start()
    expect(starts).toBe(1)
  })
})
