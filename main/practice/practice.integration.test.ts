import { fork } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { listNodes, openChain, readLatestBlock, readTokenBalance } from '../../contracts/client/index.ts'
import { silentLog } from '../../roles/api/values.ts'
import { openHome } from '../store/index.ts'
import { attachPractice } from './attach-practice.ts'
import { createPracticeStarter } from './practice-starter.ts'
import { readRunning } from './running-file.ts'
import { startPractice, type PracticeNetwork, type StartPracticeOptions } from './start-practice.ts'
import { lives, sourcePlatform, temporaryHome, until } from './testing/practice-home.ts'

/** The processes run from their sources, unbundled, on a machine that other tests use too. */
const timeoutMs = 90_000
const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
}, 30_000)

async function freshHome(): Promise<string> {
  const home = await temporaryHome()
  undo.push(home.remove)
  return home.directory
}

async function start(homeDirectory: string, more: Partial<StartPracticeOptions> = {}): Promise<PracticeNetwork> {
  const o = { homeDirectory, platform: sourcePlatform(), neighbours: 2, customer: false, log: silentLog, ...more }
  const network = await startPractice(o)
  undo.push(network.stop)
  return network
}

test(
  'starts, saves, and goes on with the same chain and neighbours',
  async () => {
    const home = await freshHome()
    const steps: number[] = []
    const first = await start(home, { onProgress: ({ done, total }) => steps.push(done / total) })
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
    expect((await stat(first.networkPath)).mode & 0o777).toBe(0o600)
    expect(first.network).toMatchObject({ practice: true, symbol: 'PLAY' })
    const chain = openChain(first.network)
    const nodes = await listNodes(chain, { role: 'storage' })
    expect(nodes.map(({ node }) => node).sort()).toEqual(first.neighbours.map(({ node }) => node).sort())
    const before = await readLatestBlock(chain)
    chain.close()
    await first.stop()
    expect(await first.exited).toBe('Stopped.')
    for (const { pid } of first.neighbours) expect(await lives(pid)).toBe(false)

    const second = await start(home)
    expect(second.notice).toBeNull()
    expect(second.network.genesisHash).toBe(first.network.genesisHash)
    expect(second.network.rpcUrls).not.toEqual(first.network.rpcUrls)
    expect(second.neighbours.map(({ peerId }) => peerId)).toEqual(first.neighbours.map(({ peerId }) => peerId))
    const again = openChain(second.network)
    expect((await readLatestBlock(again)).number).toBeGreaterThanOrEqual(before.number)
    expect((await again.provider.getBlock(before.number))?.hash).toBe(before.hash)
    expect(await listNodes(again, { role: 'storage' })).toHaveLength(2)
    again.close()
  },
  timeoutMs,
)

test(
  'enrols a home once, whoever asks again',
  async () => {
    const { network } = await start(await freshHome(), { neighbours: 0 })
    const chain = openChain(network)
    undo.push(async () => chain.close())
    const customer = '0x00000000000000000000000000000000000000A1'
    await chain.provider.send('hearth_enrol', [{ customer, gasAccount: customer }])
    const granted = await readTokenBalance(chain, customer)
    expect(granted).toBe(1_000_000n * 10n ** 18n)
    await chain.provider.send('hearth_enrol', [{ customer }])
    expect(await readTokenBalance(chain, customer)).toBe(granted)
    expect(await chain.provider.getBalance(customer)).toBeGreaterThan(0n)
  },
  timeoutMs,
)

test(
  'a second start of the same home finds the first',
  async () => {
    const home = await freshHome()
    const first = await start(home, { neighbours: 1 })
    await expect(start(home)).rejects.toMatchObject({ code: 'HOME_IN_USE' })
    const attached = await attachPractice(home)
    expect(attached).toMatchObject({
      networkPath: first.networkPath,
      neighbours: first.neighbours,
      network: first.network,
    })
    const starter = createPracticeStarter({ homeDirectory: home, platform: sourcePlatform(), log: silentLog })
    const found = await starter({ onProgress: () => {}, signal: new AbortController().signal })
    expect(found.neighbours).toBe(1)
    await found.stop({ deadlineMs: Date.now() + 1_000 })
    expect(await lives(first.neighbours[0]!.pid)).toBe(true)
    await first.stop()
    expect(await attached?.exited).toMatch(/stopped/)
    expect(await attachPractice(home)).toBeNull()
  },
  timeoutMs,
)

test(
  'a killed neighbour stays away, the network goes on without it',
  async () => {
    const network = await start(await freshHome())
    const [victim, other] = network.neighbours
    process.kill(victim!.pid, 'SIGKILL')
    await until('the end of the neighbour', async () => !(await lives(victim!.pid)), 5_000)
    const chain = openChain(network.network)
    undo.push(async () => chain.close())
    const block = await readLatestBlock(chain)
    await until('the next block', async () => (await readLatestBlock(chain)).number > block.number + 1, 10_000)
    expect(await lives(other!.pid)).toBe(true)
    expect(await lives(victim!.pid)).toBe(false)
  },
  timeoutMs,
)

test(
  'a chain that is killed comes back from its last saved state at the same address',
  async () => {
    const home = await freshHome()
    const { network } = await start(home, { neighbours: 0 })
    const chain = openChain(network)
    undo.push(async () => chain.close())
    await until('some blocks', async () => (await readLatestBlock(chain)).number > 10, 30_000)
    const { anvilPid } = (await readRunning(home))!
    process.kill(anvilPid, 'SIGKILL')
    const killedAt = Date.now()
    const isBack = async () => {
      const block = await readLatestBlock(chain).catch(() => null)
      return block !== null && block.timestampSeconds * 1000 > killedAt + 1_000
    }
    await until('the return of the chain', isBack, 20_000)
    expect((await chain.provider.getBlock(0))?.hash).toBe(network.genesisHash)
  },
  timeoutMs,
)

test(
  'when its owner is killed with -9, no process is left',
  async () => {
    const home = await freshHome()
    const owner = fork(join(import.meta.dirname, 'testing', 'owner.ts'), [home], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    })
    const ready = await new Promise<{ pids: number[] }>((resolve, reject) => {
      owner.once('message', (message) => resolve(message as { pids: number[] }))
      owner.once('exit', () => reject(new Error('The owner ended early.')))
    })
    expect(ready.pids.length).toBeGreaterThanOrEqual(4)
    for (const pid of ready.pids) expect(await lives(pid)).toBe(true)
    owner.kill('SIGKILL')
    const left = async () => (await Promise.all(ready.pids.map(lives))).filter(Boolean).length
    await until('the end of every process', async () => (await left()) === 0, 10_000)
    expect(await attachPractice(home)).toBeNull()
  },
  timeoutMs,
)

test(
  'a damaged state leads to a new chain, and says so',
  async () => {
    const home = await freshHome()
    const first = await start(home, { neighbours: 0 })
    await first.stop()
    const path = join(home, 'practice', 'chain-state.json')
    const state = await readFile(path)
    await writeFile(path, state.subarray(0, state.length / 2))
    const second = await start(home, { neighbours: 0 })
    expect(second.notice).toMatch(/made anew/)
    expect(second.network.chainId).not.toBe(first.network.chainId)
  },
  timeoutMs,
)

test(
  'other contracts than the saved ones lead to a new chain, and says so',
  async () => {
    const home = await freshHome()
    const first = await start(home, { neighbours: 0 })
    await first.stop()
    const path = join(home, 'practice', 'chain.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(/"bytecodeHash": "0x..../, '"bytecodeHash": "0x0000'))
    const second = await start(home, { neighbours: 0 })
    expect(second.notice).toMatch(/contracts/)
    expect(second.network.genesisHash).not.toBe(first.network.genesisHash)
  },
  timeoutMs,
)

test('a home on a real network is left alone', async () => {
  const directory = await freshHome()
  const home = openHome(directory)
  const file = { practice: false, chainId: 1, genesisHash: `0x${'11'.repeat(32)}` }
  await home.network.write(file)
  await expect(start(directory)).rejects.toMatchObject({ code: 'HOME_ON_OTHER_NETWORK' })
  expect(await home.network.read()).toEqual(file)
})

test(
  'a taken port is told, and nothing stays behind',
  async () => {
    const running = await start(await freshHome(), { neighbours: 0 })
    const port = Number(new URL(running.network.rpcUrls[0]!).port)
    const home = await freshHome()
    await expect(start(home, { port, neighbours: 1 })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(openHome(home).holder('practice')).toBeNull()
  },
  timeoutMs,
)

test(
  'a start that is cancelled leaves nothing behind',
  async () => {
    const home = await freshHome()
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 300)
    await expect(start(home, { signal: cancel.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(openHome(home).holder('practice')).toBeNull()
  },
  timeoutMs,
)
