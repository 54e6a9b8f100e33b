import { expect, it } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import type { Snapshot } from '../api/snapshot.ts'
import { createEngineSlot } from './engine-slot.ts'
import { forwardEvents } from './events.ts'
import { memoryLog, type LogLine } from './testing.ts'

it('forwards snapshots until undone, and keeps back one that does not fit its schema', async () => {
  const sent: unknown[] = []
  const lines: LogLine[] = []
  const broken = { version: 3 } as unknown as Snapshot
  const engine = { snapshot: () => broken, onSnapshot: () => () => undefined, onActivity: () => () => undefined }
  const slot = createEngineSlot({
    log: silentLog,
    version: '1',
    startEngine: async () => engine as unknown as EngineService,
  })
  const undo = forwardEvents({
    slot,
    send: (channel, payload) => sent.push([channel, payload]),
    checkPayloads: true,
    log: memoryLog(lines),
  })
  await slot.start()
  expect(sent).toMatchObject([['snapshot:changed', { version: '1', network: { kind: 'starting' } }]])
  expect(lines.map((line) => line.level)).toEqual(['error'])
  undo()
  await slot.startPractice().catch(() => undefined)
  expect(sent).toHaveLength(1)
})
