import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes, parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeTransfer, listDataSets, readLock, sendAndWait } from '../../../contracts/client/index.ts'
import { fundedWallet } from '../../../contracts/script/testing/actors.ts'
import { silentLog } from '../../api/values.ts'
import { createNetworkNode, localIdentity } from '../../network/index.ts'
import { getFile } from './get-file.ts'
import { listPuts } from './list-puts.ts'
import { putResumably } from './put-resumably.ts'
import { openFileSource } from './source.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

const MiB = 1024 * 1024
let town: MarketTown
let files: string
let wallet: Wallet
let bootstrapPeers: string[]

beforeAll(async () => {
  town = await startMarketTown({ providers: 15 })
  files = join(town.directory, 'files')
  mkdirSync(files)
  bootstrapPeers = [...town.providers.values()].flatMap(({ role }) => role.status().multiaddrs)
  wallet = await fundedWallet(town.test)
  const transfer = encodeTransfer(town.test.network, { to: wallet.address, amountWei: parseEther('100000') })
  await sendAndWait(town.test.funder, transfer, { timeoutMs: 20_000 })
}, 120_000)

afterAll(() => town?.stop(), 60_000)

type Said = { kind: string; phase?: string; bytesDone?: number; share?: number; paidWei?: string }

/** Runs a put in a process of its own and kills it (-9) as soon as it says what `killAt` waits for. */
async function putInChild(path: string, killAt: (said: Said) => boolean): Promise<Said[]> {
  const order = {
    ...{ network: town.test.network, bootstrapPeers, key: wallet.privateKey, paths: [path] },
    ...{ dataDirectory: join(town.directory, 'child'), manifest: `${path}.manifest` },
  }
  const script = join(import.meta.dirname, 'testing/put-until-killed.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (linesOf(text).some(killAt)) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.on('close', resolve))
  return linesOf(text)
}

function linesOf(text: string): Said[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said)
}

async function piecesOnChain(): Promise<number> {
  const sets = await listDataSets(town.test.chain, { customer: wallet.address })
  return sets.reduce((sum, set) => sum + set.pieceCount, 0)
}

/** What is locked for retrieval, and the longest that any set's escrow lasts. */
async function paidFor(): Promise<{ lockedWei: bigint; mostPeriods: number }> {
  const { chain } = town.test
  const locks = await Promise.all([...town.providers.keys()].map((node) => readLock(chain, wallet.address, node)))
  const sets = await listDataSets(chain, { customer: wallet.address })
  return {
    lockedWei: locks.reduce((sum, lock) => sum + lock.lockedWei, 0n),
    mostPeriods: Math.max(0, ...sets.map((set) => set.escrowPeriodsLeft)),
  }
}

describe('a put whose process is killed with -9', () => {
  const bytes = randomBytes(100 * MiB)

  it('continues where it was: in the middle of sending, and again in the middle of paying, and pays once', async () => {
    const path = join(files, 'film')
    writeFileSync(path, bytes)
    // The first segment is done at the latest after fifteen uploads of 16 MiB.
    await putInChild(path, ({ phase, bytesDone }) => phase === 'storing' && (bytesDone ?? 0) > 255 * MiB)
    expect(await piecesOnChain()).toBe(0)
    const second = await putInChild(
      path,
      ({ phase, bytesDone }) => phase === 'paying' && (bytesDone ?? 0) > 0.1 * bytes.length,
    )
    const [continued] = second.filter(({ kind }) => kind === 'continuing')
    expect(continued?.share).toBeGreaterThan(0)
    const third = await putInChild(path, () => false)
    expect(third.find(({ kind }) => kind === 'continuing')?.share).toBe(1)
    expect(third.at(-1)?.kind).toBe('done')
    expect(await piecesOnChain()).toBe(24)
    const paid = await paidFor()
    expect(paid.mostPeriods).toBeLessThanOrEqual(31)
    // A put of as many bytes that nobody kills locks exactly as much.
    const other = join(files, 'other')
    writeFileSync(other, randomBytes(bytes.length))
    await putInChild(other, () => false)
    expect((await paidFor()).lockedWei).toBe(2n * paid.lockedWei)
    const output = join(files, 'film.back')
    const identity = localIdentity(getBytes(wallet.privateKey))
    const node = await createNetworkNode({ identity, listen: [], bootstrapPeers, mode: 'client', log: silentLog })
    const context = { ...town.context, wallet, node, dataDirectory: join(town.directory, 'another home') }
    await getFile(context, { manifest: readFileSync(`${path}.manifest`), output })
    await node.stop()
    expect(readFileSync(output).equals(bytes)).toBe(true)
  }, 480_000)
})

describe('a put that was cancelled', () => {
  it('is listed, starts anew with words when the file has changed, and is gone when it is done', async () => {
    const path = join(files, 'notes')
    writeFileSync(path, randomBytes(20 * MiB))
    const put = async (cancelAfter: number) => {
      const told: string[] = []
      const cancel = new AbortController()
      const source = await openFileSource(path)
      const work = putResumably(town.context, {
        ...{ source, pathName: 'notes', paths: [path], fresh: false, signal: cancel.signal },
        onContinue: () => void told.push('continues'),
        onChanged: () => void told.push('changed'),
        onProgress: ({ bytesDone }) => bytesDone > cancelAfter && cancel.abort(),
        writeManifest: () => Promise.resolve(),
      })
      const ended = await work.then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
      await source.close()
      return { ended, told }
    }
    expect(await put(25 * MiB)).toEqual({ ended: 'CANCELLED', told: [] })
    expect(listPuts(town.context)).toMatchObject([{ pathName: 'notes', bytes: 20 * MiB, payingBegan: false }])
    expect(await put(0)).toEqual({ ended: 'CANCELLED', told: ['continues'] })
    // Same length, same time, other content: only reading it again shows.
    const changed = readFileSync(path)
    changed[7]! ^= 1
    const { mtime } = statSync(path)
    writeFileSync(path, changed)
    utimesSync(path, mtime, mtime)
    expect(await put(Infinity)).toEqual({ ended: 'done', told: ['changed'] })
    expect(listPuts(town.context)).toEqual([])
  }, 120_000)
})
