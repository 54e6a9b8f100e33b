import { describe, expect, test } from 'vitest'
import { FatalRoleError } from '../api/errors.ts'
import type { FromWorker, RoleStatus, WorkerStart } from '../api/messages.ts'
import type { RoleContext, RunningRole, StartRole, WorkerPort } from '../api/worker.ts'
import { runWorker } from './run-worker.ts'

const status: RoleStatus = {
  peerId: null,
  multiaddrs: [],
  peers: 0,
  lastAcceptedWorkAtMs: null,
  storage: null,
  problems: [],
}
const start: WorkerStart = {
  role: 'storage',
  node: `0x${'11'.repeat(20)}`,
  operator: `0x${'22'.repeat(20)}`,
  nodePublicKey: `0x02${'33'.repeat(32)}`,
  network: {},
  dataDirectory: '/d',
  workDirectory: '/w',
  listen: [],
  allowance: {
    work: 'full',
    reason: 'allowed',
    resumesAtMs: null,
    diskLimitBytes: 1,
    diskReserveBytes: 1,
    uploadBytesPerSecond: null,
    downloadBytesPerSecond: null,
    cpuShare: null,
  },
}

/** One end of a port in memory, seen from the owner. */
function createOwner(startRole: (context: RoleContext) => Promise<RunningRole>) {
  const heard: FromWorker[] = []
  const exits: number[] = []
  let toWorker = (_message: unknown) => {}
  let close = () => {}
  const port: WorkerPort = {
    post: (message) => void heard.push(structuredClone(message) as FromWorker),
    onMessage: (listener) => {
      toWorker = listener
      return () => {}
    },
    onClose: (listener) => {
      close = listener
      return () => {}
    },
  }
  runWorker({ port, loadRole: async () => startRole as StartRole, exit: (code) => exits.push(code) })
  const kinds = () => heard.map((message) => message.kind)
  return { heard, kinds, exits, tell: (message: unknown) => toWorker(message), close: () => close() }
}

const idle = (change: Partial<RunningRole> = {}): RunningRole => ({
  status: () => status,
  drain: async () => {},
  stop: async () => {},
  ...change,
})
const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('a worker', () => {
  test('says that it is loaded, starts once, answers heartbeats and ends after its drain', async () => {
    let starts = 0
    const owner = createOwner(async () => {
      starts++
      return idle()
    })
    expect(owner.kinds()).toEqual(['loaded'])
    owner.tell({ kind: 'start', start })
    owner.tell({ kind: 'start', start })
    await settled()
    expect(starts).toBe(1)
    owner.tell({ kind: 'heartbeat', id: 7 })
    expect(owner.heard.find((message) => message.kind === 'heartbeat')).toMatchObject({ id: 7 })
    owner.tell({ kind: 'drain', deadlineMs: Date.now() + 1000 })
    await settled()
    expect(owner.kinds()).toContain('drained')
    expect(owner.exits).toEqual([0])
  })

  test('keeps an allowance that comes while the role is still starting', async () => {
    let context: RoleContext | null = null
    let go = () => {}
    const owner = createOwner(async (given) => {
      context = given
      await new Promise<void>((resolve) => (go = resolve))
      return idle()
    })
    owner.tell({ kind: 'start', start })
    await settled()
    owner.tell({ kind: 'allowance', allowance: { ...start.allowance, diskLimitBytes: 99 } })
    go()
    await settled()
    expect(context!.allowance().diskLimitBytes).toBe(99)
  })

  test('matches answers to requests, and ends their wait when the owner is gone', async () => {
    const outcomes: unknown[] = []
    const owner = createOwner(async (context) => {
      const ask = () =>
        context
          .sign({ kind: 'libp2p', bytes: new Uint8Array([1]) })
          .then((signature) => outcomes.push(signature.length))
          .catch((error: { code: string }) => outcomes.push(error.code))
      void ask()
      void ask()
      void ask()
      return idle()
    })
    owner.tell({ kind: 'start', start })
    await settled()
    const ids = owner.heard.flatMap((message) => (message.kind === 'request' ? [message.id] : []))
    owner.tell({ kind: 'reply', id: ids[1], result: new Uint8Array(3) })
    owner.tell({ kind: 'replyError', id: ids[0], error: { code: 'SIGN_REFUSED', message: 'no', action: null } })
    await settled()
    expect(outcomes).toEqual([3, 'SIGN_REFUSED'])
    owner.close()
    await settled()
    expect(outcomes.at(-1)).toBe('OWNER_GONE')
    expect(owner.exits).toEqual([0])
  })

  test.each([
    [null],
    [42],
    ['start'],
    [{ kind: 'start' }],
    [{ kind: 'start', start: { ...start, role: 'miner' } }],
    [{ kind: 'x' }],
  ])('is not moved by the message %j', async (message) => {
    let started = false
    const owner = createOwner(async () => {
      started = true
      return idle()
    })
    owner.tell(message)
    await settled()
    expect(started).toBe(false)
    expect(owner.kinds()).toEqual(['loaded', 'log'])
  })

  test('says when a restart would not help, and only crashes otherwise', async () => {
    const fatal = createOwner(() => Promise.reject(new FatalRoleError('NO_CODE', 'There is no code for it.')))
    fatal.tell({ kind: 'start', start })
    const broken = createOwner(() => Promise.reject(new Error('the disk is busy')))
    broken.tell({ kind: 'start', start })
    await settled()
    expect(fatal.kinds()).toContain('fatal')
    expect(broken.kinds()).not.toContain('fatal')
    expect([fatal.exits, broken.exits]).toEqual([[1], [1]])
  })

  test('leaves at the deadline although its role does not', async () => {
    const owner = createOwner(async () => idle({ drain: () => new Promise(() => {}) }))
    owner.tell({ kind: 'start', start })
    await settled()
    owner.tell({ kind: 'drain', deadlineMs: Date.now() + 50 })
    await expect.poll(() => owner.exits, { timeout: 1000 }).toEqual([0])
  })

  test('sends what it logs in a form that crosses the border', async () => {
    const owner = createOwner(async (context) => {
      context.log.info('hello', { wei: 10n ** 20n, error: new Error('why'), bytes: new Uint8Array(4), call: () => 1 })
      return idle()
    })
    owner.tell({ kind: 'start', start })
    await settled()
    expect(owner.heard.find((message) => message.kind === 'log')).toMatchObject({
      details: { wei: '100000000000000000000', error: { message: 'why' }, bytes: '4 bytes' },
    })
  })
})
