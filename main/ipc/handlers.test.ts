import { expect, it } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import type { RequestHandlers } from '../api/channels.ts'
import { createEngineSlot } from './engine-slot.ts'
import { createHandlers } from './handlers.ts'

type Call = readonly [method: string, ...given: unknown[]]

const answers: Readonly<Record<string, unknown>> = { activity: [], earningsByDay: [], pieces: { total: 0, rows: [] } }

/** An engine that writes down what it is asked. */
function recordingEngine(calls: Call[]): EngineService {
  const engine = new Proxy({} as EngineService, {
    get: (_target, method: string) => {
      // A promise looks at `then`, which is no method of the engine.
      if (method === 'then') return undefined
      if (method === 'wallet' || method === 'books') return recordingEngine(calls)
      if (method === 'onSnapshot' || method === 'onActivity') return () => () => undefined
      return (...given: unknown[]) => {
        calls.push([method, ...given])
        return method === 'snapshot' ? { network: { kind: 'none' } } : Promise.resolve(answers[method])
      }
    },
  })
  return engine
}

const limits = { role: 'storage', diskPath: '/', diskLimitBytes: 5 } as const

const orders: readonly (readonly [string, (handlers: RequestHandlers) => Promise<unknown>, Call])[] = [
  ['roles:switchOn', (h) => h['roles:switchOn']({ ...limits, consented: true }), ['switchOn', limits]],
  ['roles:switchOff', (h) => h['roles:switchOff']({ role: 'storage' }), ['switchOff', { role: 'storage' }]],
  ['roles:setLimits', (h) => h['roles:setLimits'](limits), ['setLimits', limits]],
  ['roles:leave', (h) => h['roles:leave']({ leave: true, forfeit: false }), ['leave', { leave: true, forfeit: false }]],
  ['disks:change', (h) => h['disks:change']({ kind: 'pauseMoves' }), ['changeDisks', { kind: 'pauseMoves' }]],
  ['roles:retry', (h) => h['roles:retry']({ role: 'storage' }), ['retry', { role: 'storage' }]],
  ['roles:pauseAll', (h) => h['roles:pauseAll']({ untilMs: 9 }), ['pauseAll', { untilMs: 9 }]],
  ['roles:resumeAll', (h) => h['roles:resumeAll'](undefined), ['resumeAll']],
  ['hardware:rescan', (h) => h['hardware:rescan'](undefined), ['rescanHardware']],
  [
    'activity:list',
    (h) => h['activity:list']({ beforeId: null, limit: 3 }),
    ['activity', { beforeId: null, limit: 3 }],
  ],
  ['earnings:byDay', (h) => h['earnings:byDay']({ days: 7 }), ['earningsByDay', { days: 7 }]],
  ['earnings:overview', (h) => h['earnings:overview'](undefined), ['overview']],
  ['earnings:ledger', (h) => h['earnings:ledger']({ offset: 5, limit: 9 }), ['ledger', { offset: 5, limit: 9 }]],
  ['earnings:setMinimum', (h) => h['earnings:setMinimum']({ micro: '5' }), ['setMinimum', { micro: '5' }]],
  [
    'earnings:saveCsv',
    (h) => h['earnings:saveCsv']({ price: { kind: 'none' } }),
    ['saveCsv', { price: { kind: 'none' } }],
  ],
  ['rewards:verify', (h) => h['rewards:verify']({ epoch: 3 }), ['verifyReward', { epoch: 3 }]],
  ['storage:pieces', (h) => h['storage:pieces']({ offset: 0, limit: 5 }), ['pieces', { offset: 0, limit: 5 }]],
  ['wallet:choose', (h) => h['wallet:choose']({ kind: 'usb' }), ['choose', { kind: 'usb' }]],
  ['wallet:check', (h) => h['wallet:check'](undefined), ['check']],
  ['wallet:press', (h) => h['wallet:press']({ button: 'both' }), ['press', { button: 'both' }]],
  [
    'wallet:setPractice',
    (h) => h['wallet:setPractice']({ blindSigning: true, locked: false }),
    ['setPractice', { blindSigning: true, locked: false }],
  ],
  ['consent:prepare', (h) => h['consent:prepare']({ kind: 'authorize' }), ['prepare', { kind: 'authorize' }]],
  [
    'consent:prepareTransaction',
    (h) => h['consent:prepareTransaction']({ kind: 'authorize' }),
    ['prepareTransaction', { kind: 'authorize' }],
  ],
  ['consent:sign', (h) => h['consent:sign']({ id: 'a', text: 'b' }), ['sign', { id: 'a', text: 'b' }]],
  ['consent:cancel', (h) => h['consent:cancel']({ id: 'a' }), ['cancel', { id: 'a' }]],
  ['payout:finish', (h) => h['payout:finish'](undefined), ['finishPayout']],
  ['network:startPractice', (h) => h['network:startPractice'](undefined), ['startPractice']],
  ['settings:setTheme', (h) => h['settings:setTheme']({ theme: 'dark' }), ['setTheme', 'dark']],
]

it.each(orders)('%s reaches the engine with what was asked', async (_channel, ask, expected) => {
  const calls: Call[] = []
  const slot = createEngineSlot({ version: '1', startEngine: async () => recordingEngine(calls), log: silentLog })
  await slot.start()
  calls.length = 0
  await ask(createHandlers({ slot, openLink: async () => undefined }))
  expect(calls).toEqual([expected])
})

it('opens links by name, without an engine', async () => {
  const opened: string[] = []
  const startEngine = () => Promise.reject(new Error('no engine'))
  const slot = createEngineSlot({ version: '1', startEngine, log: silentLog })
  await createHandlers({ slot, openLink: async (name) => void opened.push(name) })['links:open']({ name: 'licenses' })
  expect(opened).toEqual(['licenses'])
})
