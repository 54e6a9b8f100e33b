import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  composeRevokeSentence,
  encodeRevoke,
  openChain,
  readMachineAllowance,
  readNode,
  sendAndWait,
} from '../../contracts/client/index.ts'
import { roleNames } from '../../roles/api/roles.ts'
import { silentLog } from '../../roles/api/values.ts'
import type { EngineService } from '../api/engine.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import { defaultSettings, untouchedIntent } from '../api/settings.ts'
import { snapshotSchema } from '../api/snapshot.ts'
import { openHome } from '../store/index.ts'
import { practiceOperatorSigner } from '../wallet/index.ts'
import type { EngineOptions } from './engine.ts'
import { startTestChain } from './testing/test-chain.ts'
import type { TestChain } from './testing/test-chain.ts'
import { foundPractice, startTestEngine } from './testing/test-engine.ts'

let chainDirectory: string
let directory: string
let chain: TestChain
const running: EngineService[] = []

beforeAll(async () => {
  chainDirectory = mkdtempSync(join(tmpdir(), 'hearth-chain-'))
  chain = await startTestChain(chainDirectory)
}, 60_000)
afterAll(async () => {
  await chain.stop()
  rmSync(chainDirectory, { recursive: true, force: true })
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-engine-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.stop({ deadlineMs: Date.now() + 4000 })))
  rmSync(directory, { recursive: true, force: true })
})

const practice = () => foundPractice(directory, chain)

async function start(change: Partial<EngineOptions> = {}): Promise<EngineService> {
  const engine = await startTestEngine(directory, chain, change)
  running.push(engine)
  return engine
}

const storage = (engine: EngineService) => engine.snapshot().roles.find((view) => view.role === 'storage')!
const until = (read: () => unknown, value: unknown) => expect.poll(read, { timeout: 20_000, interval: 50 }).toBe(value)
const stop = (engine: EngineService) => engine.stop({ deadlineMs: Date.now() + 5000 })
const switchOn = (engine: EngineService) =>
  engine.switchOn({ role: 'storage', diskPath: '/', diskLimitBytes: 1024 ** 3 })

describe('the engine of a home', () => {
  test('comes up on practice, binds all keys by one sentence when storage is switched on, and runs the worker', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await switchOn(engine)
    await until(() => storage(engine).process.kind, 'running')
    const snapshot = snapshotSchema.parse(engine.snapshot())
    expect(snapshot.roles.find((view) => view.role === 'storage')).toMatchObject({
      boundOnChain: true,
      allowance: { work: 'full' },
      earning: { earning: false },
      intent: { on: true, disks: [{ path: null }] },
    })
    expect(snapshot.suitability[0]).toMatchObject({ mount: '/', verdict: 'good' })

    const reader = openChain(chain.network)
    const keys = await openHome(directory).keys.ensureRoleKeys()
    const entries = await Promise.all(roleNames.map((role) => readNode(reader, keys[role].address)))
    expect(entries.map((entry) => [entry?.role, entry?.operator])).toEqual(
      roleNames.map((role) => [role, snapshot.operator]),
    )
    const allowance = await readMachineAllowance(reader, snapshot.operator!, entries[0]!.authorization)
    expect(allowance.spendPerDayMicro).toBe(10_000_000n)
    reader.close()
    const codes = (await engine.activity({ beforeId: null, limit: 50 })).map((line) => line.code)
    expect(codes).toEqual(
      expect.arrayContaining(['networkStarted', 'roleSwitchedOn', 'consentRecorded', 'roleStarted']),
    )
  })

  test('starts again what was on, with the same operator, without asking for consent again', async () => {
    const first = await start()
    await until(() => first.snapshot().network.kind, 'ready')
    await switchOn(first)
    await until(() => storage(first).process.kind, 'running')
    const { operator } = first.snapshot()
    await stop(first)
    const second = await start()
    await until(() => storage(second).process.kind, 'running')
    expect(second.snapshot().operator).toBe(operator)
    const codes = (await second.activity({ beforeId: null, limit: 50 })).map((line) => line.code)
    expect(codes.filter((code) => code === 'consentRecorded').length).toBe(1)
  })

  test('follows what the command line writes into the settings, and stops cleanly', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    const other = openHome(directory).settings
    const intent = { ...untouchedIntent, on: true, consentedAtMs: 1 }
    await other.update((settings) => ({ ...settings, roles: { storage: intent } }))
    await until(() => storage(engine).process.kind, 'running')
    await other.update((settings) => ({ ...settings, roles: { storage: { ...intent, on: false } } }))
    await until(() => storage(engine).process.kind, 'stopped')
    expect(storage(engine).earning.reason).toBe('notRunning')
  })

  test('does not start a role that nobody has consented to', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    const intent = { ...untouchedIntent, on: true }
    await openHome(directory).settings.update((settings) => ({ ...settings, roles: { storage: intent } }))
    await until(() => storage(engine).earning.reason, 'waitingForConsentOnChain')
    expect(storage(engine).process.kind).toBe('stopped')
  })

  test('pauses all at once and resumes', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await switchOn(engine)
    await until(() => storage(engine).process.kind, 'running')
    await engine.pauseAll({ untilMs: null })
    await until(() => storage(engine).allowance.reason, 'pausedByPerson')
    await engine.resumeAll()
    await until(() => storage(engine).allowance.work, 'full')
  })

  test('shows a chain that is gone, finds it again, and binds anew when it came back older', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await chain.save()
    await switchOn(engine)
    await until(() => storage(engine).process.kind, 'running')
    await chain.kill()
    await until(() => engine.snapshot().network.kind, 'unreachable')
    expect(storage(engine).earning.reason).toBe('chainUnreachable')
    expect(storage(engine).process.kind).toBe('running')
    await chain.restart()
    await until(() => engine.snapshot().network.kind, 'ready')
    const reader = openChain(chain.network)
    const keys = await openHome(directory).keys.ensureRoleKeys()
    await expect
      .poll(() => readNode(reader, keys.storage.address).catch(() => null), { timeout: 30_000, interval: 200 })
      .toMatchObject({ operator: engine.snapshot().operator })
    reader.close()
  }, 90_000)

  test('never works with a key that its operator has revoked, and says so', async () => {
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await switchOn(engine)
    await until(() => storage(engine).process.kind, 'running')
    const [operator, node] = [engine.snapshot().operator!, storage(engine).node!]
    await stop(engine)
    const text = new TextEncoder().encode(composeRevokeSentence(chain.network, { node }))
    const signature = await practiceOperatorSigner(openHome(directory), silentLog).signPersonalMessage(
      operatorPath,
      text,
    )
    const call = encodeRevoke(chain.network, { operator, node, signature })
    await sendAndWait(await chain.provider.getSigner(0), call, { timeoutMs: 20_000 })
    const again = await start()
    const lines = () => again.activity({ beforeId: null, limit: 5 })
    await expect
      .poll(async () => (await lines()).map((line) => line.values['message']), { timeout: 20_000 })
      .toContain('The storage key of this computer was revoked.')
    expect(storage(again)).toMatchObject({ process: { kind: 'stopped' }, boundOnChain: false })
  }, 60_000)

  test('is the only one of its home, and names the process that runs', async () => {
    await start()
    await expect(start()).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      message: expect.stringContaining(String(process.pid)),
    })
  })

  test('refuses a wrong settings file with file and line, leaves it alone and does not keep the lock', async () => {
    const path = join(directory, 'settings.json')
    writeFileSync(path, '{\n  "theme": 7\n}')
    await expect(start()).rejects.toMatchObject({ code: 'SETTINGS_INVALID', message: expect.stringContaining(path) })
    writeFileSync(path, JSON.stringify(defaultSettings))
    await start()
  })

  test('shows why practice did not start, and the button starts it', async () => {
    let broken = true
    const engine = await start({
      practice: () => (broken ? Promise.reject(new Error('no room on the disk')) : practice()),
    })
    await until(() => engine.snapshot().network.kind, 'failed')
    expect(engine.snapshot().network).toMatchObject({ message: 'no room on the disk' })
    broken = false
    await engine.startPractice()
    expect(engine.snapshot().network.kind).toBe('ready')
  })

  test('starts practice again when it ended by itself', async () => {
    let starts = 0
    let end = (_reason: string) => {}
    const engine = await start({
      practice: async () => {
        starts++
        return { ...(await practice()), exited: new Promise((done) => (end = done)) }
      },
    })
    await until(() => engine.snapshot().network.kind, 'ready')
    end('killed')
    await until(() => starts, 2)
    await until(() => engine.snapshot().network.kind, 'ready')
  })

  test('waits for a disk that is unplugged, never writes to its empty mount point, and goes on when it is back', async () => {
    const disk = join(directory, 'disk')
    mkdirSync(disk)
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await engine.switchOn({ role: 'storage', diskPath: disk, diskLimitBytes: null })
    await until(() => storage(engine).process.kind, 'running')
    await stop(engine)
    renameSync(disk, `${disk}-unplugged`)
    mkdirSync(disk)
    const again = await start()
    await until(() => again.snapshot().network.kind, 'ready')
    await until(() => storage(again).allowance.reason, 'diskUnavailable')
    expect(storage(again).process.kind).toBe('stopped')
    expect(readdirSync(disk)).toEqual([])
    rmSync(disk, { recursive: true })
    renameSync(`${disk}-unplugged`, disk)
    await until(() => storage(again).process.kind, 'running')
    await until(() => storage(again).allowance.work, 'full')
  }, 60_000)

  test('takes a second disk while it runs, goes on when it is unplugged, and lets it go without losing the last one', async () => {
    const second = join(directory, 'second')
    mkdirSync(second)
    const engine = await start()
    await until(() => engine.snapshot().network.kind, 'ready')
    await engine.switchOn({ role: 'storage', diskPath: null, diskLimitBytes: 2 * 1024 ** 3 })
    await until(() => storage(engine).process.kind, 'running')
    const process = storage(engine).process
    await engine.changeDisks({ kind: 'add', path: second, limitBytes: 1024 ** 3 })
    const told = () =>
      storage(engine)
        .allowance.disks?.map(({ path, leaving }) => `${path ?? 'home'} ${leaving}`)
        .join()
    await until(told, `home false,${second} false`)
    expect(storage(engine).allowance.diskLimitBytes).toBe(3 * 1024 ** 3)
    const [folder] = readdirSync(second)
    expect(storage(engine).allowance.disks?.[1]?.folder).toBe(join(second, folder!))
    renameSync(second, `${second}-unplugged`)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(storage(engine).allowance.work).toBe('full')
    renameSync(`${second}-unplugged`, second)
    await engine.changeDisks({ kind: 'move', path: second, to: null })
    await until(told, `home false,${second} true`)
    await expect(engine.changeDisks({ kind: 'remove', path: null })).rejects.toMatchObject({ code: 'DISK_IS_LAST' })
    expect(storage(engine).process).toEqual(process)
  }, 60_000)

  test('refuses a disk that is not there', async () => {
    const engine = await start()
    const choose = (diskPath: string) => engine.setLimits({ role: 'storage', diskPath, diskLimitBytes: null })
    await expect(choose('/nowhere/at/all')).rejects.toMatchObject({ code: 'DISK_NOT_USABLE' })
    await expect(choose('relative')).rejects.toMatchObject({ code: 'DISK_NOT_USABLE' })
    mkdirSync(join(directory, 'disk'))
    await choose(join(directory, 'disk'))
    expect(storage(engine).intent.disks).toMatchObject([{ path: join(directory, 'disk') }])
  })
})
