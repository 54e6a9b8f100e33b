import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  epochOf,
  openChain,
  readEpochClock,
  readEpochFinalized,
  readLatestBlock,
  type Chain,
} from '../../../contracts/client/index.ts'
import { startTestChain, type TestChain } from '../../app/testing/test-chain.ts'
import { earnTokens } from './testing/earn-tokens.ts'
import { hearthIn } from './testing/hearth-in.ts'

let folder: string
let home: string
let chain: TestChain
let reader: Chain
let operator: string
let paidIn: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-epoch-'))
  home = join(folder, 'home')
  chain = await startTestChain(folder)
  reader = openChain(chain.network)
  operator = await earnTokens(chain, home, '20')
  paidIn = await runningEpoch()
}, 60_000)

afterAll(async () => {
  reader.close()
  await chain.stop()
  await rm(folder, { recursive: true, force: true })
})

const verify = (epoch: number | string, ...more: string[]) =>
  hearthIn(home, folder)(['epoch', 'verify', String(epoch), ...more])

async function runningEpoch(): Promise<number> {
  const [clock, block] = await Promise.all([readEpochClock(reader), readLatestBlock(reader)])
  return epochOf(block.timestampSeconds, clock)
}

async function passSeconds(seconds: number): Promise<void> {
  await chain.provider.send('evm_increaseTime', [seconds])
  await chain.provider.send('evm_mine', [])
}

test('an epoch that runs is waited for, then announced, and its shares are equal to the wei: exit 0', async () => {
  expect(await readEpochFinalized(reader, paidIn)).toBe(false)
  let waiting = ''
  let ended: Awaited<ReturnType<typeof verify>> | null = null
  const running = hearthIn(home, folder)(['epoch', 'verify', String(paidIn), '--json'], {
    onNote: (text) => (waiting += text),
  }).then((end) => (ended = end))
  await expect.poll(() => waiting, { timeout: 20_000 }).toMatch(/runs for another \d+ s; waiting for its end/)
  expect(ended).toBeNull()
  await passSeconds((await readEpochClock(reader)).epochSeconds)
  const { code, stdout } = await running
  expect(code).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  const verdict = JSON.parse(stdout) as { shares: Record<string, string>[]; burned: Record<string, string>[] }
  expect(Object.keys(verdict)).toEqual(['epoch', 'equal', 'shares', 'burned', 'minted'])
  expect(verdict).toMatchObject({ epoch: paidIn, equal: true })
  // A twentieth of twenty tokens was burned, nine tenths of that is the most that comes back.
  const wei = String(parseEther('0.9'))
  expect(verdict.shares).toEqual([{ operator, role: 'storage', recomputedWei: wei, onChainWei: wei }])
  const burned = verdict.burned.find(({ role }) => role === 'storage')
  expect(burned).toMatchObject({ recomputedWei: String(parseEther('1')), onChainWei: String(parseEther('1')) })
  expect(await readEpochFinalized(reader, paidIn)).toBe(true)
}, 90_000)

test('an epoch without any work is equal too, and says so in words', async () => {
  const epoch = await runningEpoch()
  await passSeconds((await readEpochClock(reader)).epochSeconds)
  const { code, stdout } = await verify(epoch)
  expect(code).toBe(0)
  expect(stdout).toContain(`Epoch ${epoch}: equal to the wei.`)
}, 60_000)

test('where contract and recomputation differ it ends with 1 and still shows both', async () => {
  const liar = await startLiar(chain.network.rpcUrls[0]!)
  const network = join(folder, 'lying.json')
  const rpcUrls = [`http://127.0.0.1:${(liar.address() as AddressInfo).port}`]
  await writeFile(network, JSON.stringify({ ...chain.network, rpcUrls }))
  const asked = hearthIn(join(folder, 'other-home'), folder)
  const { code, stdout, stderr } = await asked(['epoch', 'verify', String(paidIn), '--json', '--network', network])
  liar.closeAllConnections()
  liar.close()
  expect(code).toBe(1)
  expect(stderr).toContain('differ')
  const verdict = JSON.parse(stdout) as { equal: boolean; burned: Record<string, string>[] }
  expect(verdict.equal).toBe(false)
  const burned = verdict.burned.find(({ role }) => role === 'storage')
  expect(burned).toMatchObject({ recomputedWei: '0', onChainWei: String(parseEther('1')) })
}, 60_000)

test('an epoch that has not begun, or is none, ends with 2', async () => {
  const early = await verify((await runningEpoch()) + 5)
  expect(early).toMatchObject({ code: 2, stdout: '' })
  expect(early.stderr).toContain('has not begun')
  for (const word of ['0', '-1', '1.5', 'last', '']) expect((await verify(word)).code).toBe(2)
  expect((await verify('1', '2')).code).toBe(2)
  expect((await hearthIn(home, folder)(['epoch'])).code).toBe(2)
}, 60_000)

test('waiting for the end of an epoch can be broken off', async () => {
  const stopping = new AbortController()
  const epoch = await runningEpoch()
  const onNote = () => stopping.abort()
  const end = await hearthIn(home, folder)(['epoch', 'verify', String(epoch)], { signal: stopping.signal, onNote })
  expect(end).toMatchObject({ code: 1, stdout: '' })
}, 60_000)

/** A server of the chain that hides every payment from whoever asks for events. */
async function startLiar(url: string): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const text = await answer.text()
      const { id, method } = JSON.parse(body.toString()) as { id: number; method: string }
      response.setHeader('content-type', 'application/json')
      response.end(method === 'eth_getLogs' ? JSON.stringify({ jsonrpc: '2.0', id, result: [] }) : text)
    })().catch(() => response.writeHead(502).end())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
