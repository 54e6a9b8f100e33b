import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaveFileName, type LeaveStatus } from '../../../roles/api/leaving.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { openHome } from '../../store/index.ts'
import { runHearth } from './run-hearth.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-leave-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

async function hearth(...args: string[]) {
  let [stdout, stderr] = ['', '']
  const code = await runHearth({
    args: [...args, '--home', home],
    env: {},
    cwd: home,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

const customer = `0x${'a'.repeat(40)}`
const status: LeaveStatus = {
  state: 'notAsked',
  sets: [
    { customer, pieces: 3, bytes: 3 * 1024 ** 2, periodPayWei: '2000000000000000000', heir: null, state: 'noHeir' },
  ],
  pieces: 3,
  bytes: 3 * 1024 ** 2,
  bytesHandedOver: 0,
  unredeemedWei: '500000000000000000',
  periodSeconds: 86_400,
  bytesPerSecond: null,
  lookedAtMs: 1,
}

test('leaving is refused while storage is off, since nothing could move', async () => {
  const { code, stderr } = await hearth('role', 'leave', 'storage', '--yes')
  expect(code).not.toBe(0)
  expect(stderr).toContain('role start storage')
})

test('says what leaving means and starts nothing', async () => {
  const folder = openHome(home).roleDirectory('storage')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, leaveFileName), JSON.stringify({ formatVersion: 1, leaving: status }))
  const { stdout } = await hearth('role', 'leave', 'storage')
  expect(stdout).toContain('To hand over: 3 pieces')
  expect(stdout).toContain('2.000000')
  expect(stdout).toContain('--forfeit')
  expect(stdout).toContain('Nothing has been started')
})

test('names the time that a large contract takes before anything is confirmed', async () => {
  const file = join(openHome(home).roleDirectory('storage'), leaveFileName)
  const large = { ...status, sets: [{ ...status.sets[0]!, pieces: 10_000 }], pieces: 10_000 }
  await writeFile(file, JSON.stringify({ formatVersion: 1, leaving: large }))
  const { stdout } = await hearth('role', 'leave', 'storage')
  expect(stdout).toContain('at least 157 periods of 1440 min, 157 days in all')
  await writeFile(file, JSON.stringify({ formatVersion: 1, leaving: status }))
})

test('keeps the wish in the settings until it is cancelled', async () => {
  await hearth('role', 'start', 'storage')
  const asked = JSON.parse((await hearth('role', 'leave', 'storage', '--yes', '--json')).stdout) as object
  expect(asked).toMatchObject({ asked: true, forfeit: false, status: { pieces: 3 } })
  const given = JSON.parse((await hearth('role', 'leave', 'storage', '--yes', '--forfeit', '--json')).stdout) as object
  expect(given).toMatchObject({ asked: true, forfeit: true })
  const cancelled = JSON.parse((await hearth('role', 'leave', 'storage', '--cancel', '--json')).stdout) as object
  expect(cancelled).toMatchObject({ asked: false, forfeit: false })
})

test.each([['render'], ['storage', 'now']])('refuses %j', async (...words) => {
  expect((await hearth('role', 'leave', ...words)).code).not.toBe(0)
})
