import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHome } from '../store/index.ts'
import { startTestChain } from './testing/test-chain.ts'
import type { TestChain } from './testing/test-chain.ts'

let directory: string
let chain: TestChain

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-kill-'))
  chain = await startTestChain(directory)
}, 60_000)
afterAll(async () => {
  await chain.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Starts an engine process and resolves once its storage worker runs. */
async function startProcess(home: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/engine-process.ts'), home], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, workerPid: Number(line) }
}

const lives = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('an engine that is killed leaves no worker and no lock, and the next one finds keys and intent', async () => {
  const path = join(directory, 'home')
  const home = openHome(path)
  await home.network.write(chain.network)
  const accounts: string[] = []
  for (let round = 0; round < 3; round++) {
    const { child, workerPid } = await startProcess(path)
    expect(home.holder('engine')?.pid).toBe(child.pid)
    accounts.push((await home.keys.ensureKey('storage')).address, (await home.keys.ensureKey('operator')).address)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expect.poll(() => lives(workerPid), { timeout: 10_000 }).toBe(false)
    expect(home.holder('engine')).toBeNull()
  }
  expect(new Set(accounts).size).toBe(2)
  expect((await home.settings.read()).roles.storage).toMatchObject({ on: true })
}, 90_000)
