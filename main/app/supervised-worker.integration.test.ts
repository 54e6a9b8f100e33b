import { resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { HearthError } from '../../roles/api/errors.ts'
import type { WorkerStart } from '../../roles/api/messages.ts'
import { silentLog } from '../../roles/api/values.ts'
import { createNodePlatform } from '../platform/node/index.ts'
import { superviseRole } from '../supervisor/index.ts'
import type { SupervisedRole, SuperviseParts } from '../supervisor/index.ts'

const platform = createNodePlatform({
  entries: { worker: resolve(import.meta.dirname, '../../roles/host/testing/test-worker.ts') },
})
const started: SupervisedRole[] = []

const start = (behaviour: string): WorkerStart => ({
  role: 'storage',
  node: `0x${'11'.repeat(20)}`,
  operator: `0x${'22'.repeat(20)}`,
  nodePublicKey: `0x02${'33'.repeat(32)}`,
  network: { behaviour },
  dataDirectory: '/nowhere',
  workDirectory: '/nowhere',
  listen: [],
  allowance: {
    work: 'full',
    reason: 'allowed',
    resumesAtMs: null,
    diskLimitBytes: 0,
    diskReserveBytes: 0,
    uploadBytesPerSecond: null,
    downloadBytesPerSecond: null,
    cpuShare: null,
  },
})

function supervise(behaviour: string, parts: Partial<SuperviseParts> = {}): SupervisedRole {
  const role = superviseRole({
    role: 'storage',
    fork: () => platform.fork('worker', { serviceName: 'test' }),
    start: () => Promise.resolve(start(behaviour)),
    onRequest: () => Promise.reject(new HearthError('SIGN_REFUSED', 'Not in this test.')),
    onEvent: () => {},
    onChange: () => {},
    log: silentLog,
    random: () => 0,
    ...parts,
  })
  started.push(role)
  return role
}

const pidOf = (role: SupervisedRole) => {
  const state = role.process()
  return state.kind === 'running' ? state.pid : null
}
const lives = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const waitFor = (role: SupervisedRole, kind: string) =>
  expect.poll(() => role.process().kind, { timeout: 20_000, interval: 20 }).toBe(kind)

afterEach(async () => {
  await Promise.all(started.splice(0).map((role) => role.switchOff({ deadlineMs: Date.now() + 200 })))
})

describe('a supervised worker process', () => {
  test('starts, takes allowances, tells its status, and is gone after switching off', async () => {
    const role = supervise('good')
    role.switchOn()
    await waitFor(role, 'running')
    const pid = pidOf(role)!
    role.setAllowance({ ...start('good').allowance, diskLimitBytes: 7 })
    await expect.poll(() => role.status()?.peers, { timeout: 5000 }).toBe(7)
    await role.switchOff({ deadlineMs: Date.now() + 5000 })
    expect(role.process()).toEqual({ kind: 'stopped' })
    expect(lives(pid)).toBe(false)
  })

  test('is started again after kill -9, and another role does not notice', async () => {
    const [victim, other] = [supervise('good'), supervise('good')]
    victim.switchOn()
    other.switchOn()
    await Promise.all([waitFor(victim, 'running'), waitFor(other, 'running')])
    const [victimPid, otherPid] = [pidOf(victim)!, pidOf(other)!]
    process.kill(victimPid, 'SIGKILL')
    await waitFor(victim, 'waiting')
    expect(victim.process()).toMatchObject({ crash: 'It was ended by SIGKILL.' })
    await waitFor(victim, 'running')
    expect(pidOf(victim)).not.toBe(victimPid)
    expect(pidOf(other)).toBe(otherPid)
  })

  test('that crashes again and again is parked with its last words, and retry tries once more', async () => {
    const role = supervise('crashAtStart')
    role.switchOn()
    await waitFor(role, 'parked')
    expect(role.process()).toMatchObject({ crash: 'It ended with code 3: the disk said no', crashes: 5 })
    role.retry()
    expect(role.process().kind).toBe('starting')
  })

  test('that hangs is killed and replaced', async () => {
    const role = supervise('hang', { heartbeat: { intervalMs: 200, limitMs: 1000 } })
    role.switchOn()
    await waitFor(role, 'running')
    const pid = pidOf(role)!
    await waitFor(role, 'waiting')
    expect(role.process()).toMatchObject({ crash: 'It did not answer for 1 s.' })
    expect(lives(pid)).toBe(false)
    await waitFor(role, 'running')
    expect(pidOf(role)).not.toBe(pid)
  })

  test('that cannot work is parked at once with the reason', async () => {
    const role = supervise('fatal')
    role.switchOn()
    await waitFor(role, 'parked')
    expect(role.process()).toMatchObject({ crash: 'This cannot work.' })
  })

  test('that ignores its drain is killed at the deadline', async () => {
    const role = supervise('neverDrains')
    role.switchOn()
    await waitFor(role, 'running')
    const pid = pidOf(role)!
    const beganMs = performance.now()
    await role.switchOff({ deadlineMs: Date.now() + 300 })
    expect(performance.now() - beganMs).toBeLessThan(3000)
    expect(lives(pid)).toBe(false)
  })

  test('gets answers to its requests', async () => {
    const role = supervise('asks', { onRequest: () => Promise.resolve(new Uint8Array(71)) })
    role.switchOn()
    await expect.poll(() => role.status()?.peers, { timeout: 10_000 }).toBe(71)
  })

  test('that dies during a request ends the wait of whoever handles it', async () => {
    let cancelled = false
    let asked = () => {}
    const wasAsked = new Promise<void>((done) => (asked = done))
    const role = supervise('asks', {
      onRequest: (_request, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            cancelled = true
            reject(new Error('gone'))
          })
          asked()
        }),
    })
    role.switchOn()
    await wasAsked
    await role.switchOff({ deadlineMs: Date.now() + 100 })
    expect(cancelled).toBe(true)
  })

  test('sees no variable of its owner that is not on the list', async () => {
    process.env['HEARTH_TEST_SECRET'] = 'canary'
    const role = supervise('leaksEnvironment')
    role.switchOn()
    await expect.poll(() => role.logLines().join('\n'), { timeout: 10_000 }).toContain('PATH')
    delete process.env['HEARTH_TEST_SECRET']
    expect(role.logLines().join('\n')).not.toContain('HEARTH')
  })
})
