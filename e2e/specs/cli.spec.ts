import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readFile, readdir, stat, truncate, writeFile, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { makeHome, removeHome } from '../fixtures/app.ts'
import { hearth, startHearth, startPractice, until, type Practice } from '../fixtures/hearth.ts'

/** The whole loop on the command line: a practice network with all its neighbours, files that go out and come back. */
test.describe.configure({ mode: 'serial' })

const MiB = 1024 * 1024
const fileBytes = 64 * MiB

let home: string
let work: string
let practice: Practice

test.beforeAll(async () => {
  test.setTimeout(180_000)
  home = makeHome()
  work = makeHome()
  // The first start on a machine compiles; what is measured is the second, as people have it every day.
  await (await startPractice(home)).stop()
  practice = await startPractice(home)
  await writeFile(join(work, 'file'), randomBytes(fileBytes))
})

test.afterAll(async () => {
  test.setTimeout(60_000)
  await practice?.kill()
  removeHome(home)
  removeHome(work)
})

const at = (name: string) => join(work, name)

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

test('practice has sixteen neighbours, each a household of its own', () => {
  const { neighbours } = practice
  expect(neighbours).toHaveLength(16)
  for (const field of ['operator', 'node', 'peerId', 'pid'] as const) {
    expect(new Set(neighbours.map((one) => one[field])).size).toBe(16)
  }
  test.info().annotations.push({ type: 'practice ready', description: `${Math.round(practice.readyAfterMs)} ms` })
  process.stdout.write(`practice ready after ${Math.round(practice.readyAfterMs)} ms\n`)
})

test('a file goes out and comes back bit by bit', async () => {
  test.setTimeout(180_000)
  const put = await hearth(home, 'store', 'put', at('file'), '--out', at('manifest'), '--json')
  expect(put.stderr).toBe('')
  expect(put.code).toBe(0)
  expect(put.json()).toMatchObject({ bytes: fileBytes, k: 4, n: 12, manifest: at('manifest') })
  const get = await hearth(home, 'store', 'get', at('manifest'), at('back'), '--json')
  expect(get.stderr).toBe('')
  expect(get.code).toBe(0)
  expect(await sha256(at('back'))).toBe(await sha256(at('file')))
})

test('any bytes of it come back alone', async () => {
  const range = async (text: string) =>
    hearth(home, 'store', 'get', at('manifest'), at('part'), '--range', text, '--json')
  const whole = await readFile(at('file'))
  const [first, last] = [40_000_001, 42_345_678]
  const got = await range(`${first}-${last}`)
  expect(got.stderr).toBe('')
  expect(got.json()).toMatchObject({ first, bytes: last - first + 1, of: fileBytes })
  expect((await readFile(at('part'))).equals(whole.subarray(first, last + 1))).toBe(true)
  const beyond = await range(`0-${fileBytes}`)
  expect([beyond.code, beyond.stdout]).toEqual([2, ''])
  expect(beyond.stderr).toMatch(/^hearth: [^\n]+\n$/)
})

test('a folder goes out and comes back, whole or in part, and is found again with the key alone', async () => {
  test.setTimeout(180_000)
  await mkdir(at('docs/deep'), { recursive: true })
  for (let index = 0; index < 50; index++) await writeFile(at(`docs/deep/${index}.txt`), `number ${index}`)
  await writeFile(at('docs/a.txt'), 'first')
  const put = await hearth(home, 'store', 'put', at('docs'), '--out', at('docs.manifest'), '--json')
  expect([put.stderr, put.code]).toEqual(['', 0])
  expect(put.json()).toMatchObject({ files: 51, segments: 1, pieces: 12, skipped: [] })
  const list = await hearth(home, 'store', 'list', at('docs.manifest'), '--json')
  expect(list.stdout.trim().split('\n')).toHaveLength(53)
  const get = await hearth(home, 'store', 'get', at('docs.manifest'), at('docs.back'), '--json')
  expect(get.json()).toMatchObject({ files: 51 })
  expect(await readFile(at('docs.back/docs/deep/49.txt'), 'utf8')).toBe('number 49')
  const part = await hearth(
    home,
    'store',
    'get',
    at('docs.manifest'),
    at('docs.part'),
    '--path',
    'docs/a.txt',
    '--json',
  )
  expect(part.json()).toMatchObject({ files: 1, bytes: 5 })
  const recovered = await hearth(home, 'store', 'recover', '--out', at('found'), '--json')
  const names = (recovered.json()['manifests'] as { pathName: string }[]).map(({ pathName }) => pathName)
  expect(names).toEqual(expect.arrayContaining(['docs', 'file']))
})

test('its state has the shape that scripts read, and proofs arrive', async () => {
  test.setTimeout(150_000)
  const read = async () => (await hearth(home, 'store', 'status', at('manifest'), '--json')).json()
  const status = await read()
  expect(Object.keys(status).sort()).toEqual([
    'bytes',
    'escrowLow',
    'escrowPeriodsLeft',
    'healthy',
    'k',
    'n',
    'paidUntilSeconds',
    'piecesMoved',
    'providers',
    'repairers',
    'segments',
  ])
  expect(status).toMatchObject({ bytes: fileBytes, k: 4, n: 12, piecesMoved: 0 })
  const providers = status['providers'] as { lastProvenPeriod: number | null }[]
  const facts = ['lastProvenPeriod', 'node', 'operator', 'peerId', 'pieces']
  expect(Object.keys(providers[0]!).sort()).toEqual([...facts, 'drop', 'misses', 'reasons', 'score'].sort())
  const proven = async () =>
    ((await read())['providers'] as typeof providers).filter((one) => one.lastProvenPeriod !== null)
  await until('a proof of every provider', async () => (await proven()).length === providers.length, 120_000)
  expect((await read())['healthy']).toBe(12)
})

test('a whole file needs no repair, and repairing it changes nothing', async () => {
  const before = await readFile(at('manifest'))
  const dry = await hearth(home, 'store', 'repair', at('manifest'), '--dry-run', '--json')
  expect(dry.stderr).toBe('')
  expect(dry.json()).toMatchObject({ repaired: false, due: 0, healthy: 12, k: 4, n: 12, threshold: 6 })
  const repair = await hearth(home, 'store', 'repair', at('manifest'))
  expect(repair.code).toBe(0)
  expect(repair.stdout).toContain('Nothing is due')
  expect(await readFile(at('manifest'))).toEqual(before)
  expect(existsSync(at('manifest.bak'))).toBe(false)
  expect((await hearth(home, 'store', 'status', at('manifest'), '--dry-run')).code).toBe(2)
})

test('those who hold a file are asked for bytes of it, and all who offer storage are ranked', async () => {
  const audit = await hearth(home, 'store', 'audit', at('manifest'), '--json')
  expect([audit.stderr, audit.code]).toEqual(['', 0])
  const audits = audit.json()['audits'] as { asked: number; right: number; wrong: number }[]
  expect(audits).toHaveLength(12)
  expect(audits.filter(({ asked, right }) => asked > 0 && right === asked).length).toBeGreaterThanOrEqual(10)
  expect(audits.every(({ wrong }) => wrong === 0)).toBe(true)
  const providers = (await hearth(home, 'store', 'providers', '--json')).json()['providers'] as { node: string }[]
  const nodes = new Set(providers.map(({ node }) => node.toLowerCase()))
  for (const { node } of practice.neighbours) expect(nodes).toContain(node.toLowerCase())
})

test('a file is paid for longer', async () => {
  const left = async () =>
    Number((await hearth(home, 'store', 'status', at('manifest'), '--json')).json()['escrowPeriodsLeft'])
  const before = await left()
  const extended = await hearth(home, 'store', 'extend', at('manifest'), '--periods', '10', '--json')
  expect([extended.stderr, extended.code]).toEqual(['', 0])
  expect(await left()).toBeGreaterThanOrEqual(before + 8)
})

test('a neighbour is named as repairer, gets its ticket, and shows in the state of the file', async () => {
  const { node } = practice.neighbours[0]!
  const name = ['--name', node, '--budget', '500', '--out', at('ticket'), '--json']
  const named = await hearth(home, 'store', 'repairer', at('manifest'), ...name)
  expect([named.stderr, named.code]).toEqual(['', 0])
  expect(named.json()).toMatchObject({ ticket: at('ticket'), handedOver: true, repairer: node })
  const status = (await hearth(home, 'store', 'status', at('manifest'), '--json')).json()
  expect(status['repairers']).toMatchObject([{ node, budgetWei: '500000000000000000000', piecesPaid: 5000 }])
  expect((await hearth(home, 'store', 'status', at('manifest'))).stdout).toContain(
    'repairs it while this computer is off',
  )
})

test('a headless node earns from the practice customer within two minutes, and its books add up', async () => {
  test.setTimeout(240_000)
  const node = startHearth(home, ['node', '--roles', 'storage', '--json'])
  try {
    const earned = async () => {
      const result = await hearth(home, 'earnings', '--json')
      return result.code === 0 ? result.json() : null
    }
    await until('earnings', async () => BigInt(String((await earned())?.['earnedWei'] ?? '0')) > 0n, 120_000)
    const books = (await earned())!
    const sum = ['claimedWei', 'claimableWei', 'movedToStakeWei'].reduce(
      (total, key) => total + BigInt(String(books[key])),
      0n,
    )
    expect(BigInt(String(books['earnedWei']))).toBe(sum)
    expect(books['reconciles']).toBe(true)
    const csv = await hearth(home, 'earnings', '--csv')
    expect(csv.stdout.split('\r\n')[0]).toMatch(/^time,role,kind,earnedWei/)
    // The engine follows what other commands write.
    expect((await hearth(home, 'role', 'stop', 'storage')).code).toBe(0)
    await until('the end of the role', () => /roleStopped|switchedOff|roleEnded/i.test(node.stdoutSoFar()), 20_000)
    expect((await hearth(home, 'node', '--roles', 'storage')).stderr).toMatch(/already running/)
  } finally {
    node.child.kill('SIGINT')
  }
  const ended = await node.ended
  expect(ended.code).toBe(0)
})

test('wrong manifests are told apart and write nothing', async () => {
  await copyFile(at('manifest'), at('short'))
  await truncate(at('short'), (await stat(at('manifest'))).size - 7)
  const flipped = await readFile(at('manifest'))
  flipped[flipped.length >> 1]! ^= 1
  await writeFile(at('flipped'), flipped)
  await writeFile(at('noise'), randomBytes(500))
  await writeFile(at('empty'), '')
  for (const name of ['short', 'flipped', 'noise', 'empty']) {
    const { code, stdout, stderr } = await hearth(home, 'store', 'get', at(name), at('nothing'))
    expect(code, name).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^hearth: [^\n]+\n$/)
  }
  const stranger = join(work, 'stranger')
  const other = await hearth(stranger, 'store', 'get', at('manifest'), at('nothing'), '--network', practice.network)
  expect(other.code).toBe(2)
  expect(existsSync(at('nothing'))).toBe(false)
})

test('names with tricks stay what they are', async () => {
  test.setTimeout(120_000)
  const folder = at('odd')
  await mkdir(folder)
  for (const name of ['..hidden', '-rf', 'a b\u202e\nc', '%2e%2e%2fx']) {
    await writeFile(join(folder, name), name)
    const put = await hearth(home, 'store', 'put', join(folder, name), '--out', join(folder, 'm'), '--json')
    expect(put.stderr).toBe('')
    expect((await hearth(home, 'store', 'get', join(folder, 'm'), join(folder, 'out'))).code).toBe(0)
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe(name)
  }
  expect((await readdir(folder)).sort()).toEqual(['%2e%2e%2fx', '-rf', '..hidden', 'a b\u202e\nc', 'm', 'out'].sort())
})

/** True once a put that began after a moment has noted what it does, which it does when it knows who takes the pieces. */
async function hasNotedSince(atMs: number): Promise<boolean> {
  const names = await readdir(home, { recursive: true })
  const notes = names.filter((name) => name.endsWith('puts.sqlite-wal'))
  const changedMs = await Promise.all(notes.map(async (name) => (await stat(join(home, name))).mtimeMs))
  return changedMs.some((ms) => ms > atMs)
}

test('Ctrl-C during a put leaves nothing half done', async () => {
  test.setTimeout(120_000)
  const begunAtMs = Date.now()
  const put = startHearth(home, ['store', 'put', at('file'), '--out', at('never'), '--json'])
  await until('the put to have noted what it does', () => hasNotedSince(begunAtMs), 60_000)
  put.child.kill('SIGINT')
  const { code, stdout, stderr } = await put.ended
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^hearth: [^\n]+\n$/)
  expect(existsSync(at('never'))).toBe(false)
  expect((await hearth(home, 'store', 'status', at('manifest'), '--json')).json()).toMatchObject({ bytes: fileBytes })
})

test('a provider killed with -9 during a put does not stop it', async () => {
  test.setTimeout(180_000)
  const put = startHearth(home, ['store', 'put', at('file'), '--out', at('survived'), '--json'])
  await delay(1_500)
  process.kill(practice.neighbours[15]!.pid, 'SIGKILL')
  const result = await put.ended
  // It goes on where the put before this one was interrupted, and says so.
  expect(result.stderr).toMatch(/^Continuing a put of [^\n]+\n$/)
  expect(result.code).toBe(0)
  expect((await hearth(home, 'store', 'get', at('survived'), at('survived.out'))).code).toBe(0)
  expect(await sha256(at('survived.out'))).toBe(await sha256(at('file')))
})

test('a file comes back bit by bit with eight of its twelve providers killed', async () => {
  test.setTimeout(240_000)
  const status = (await hearth(home, 'store', 'status', at('manifest'), '--json')).json()
  const providers = status['providers'] as { node: string }[]
  const holders = providers.map((one) => one.node.toLowerCase())
  expect(holders.length).toBeGreaterThanOrEqual(12)
  // One neighbour died in the test before; when it holds pieces of this file it is one of the eight.
  const inOrderOfDeath = [...practice.neighbours].reverse().filter((one) => holders.includes(one.node.toLowerCase()))
  for (const { pid } of inOrderOfDeath.slice(0, 8)) killIfAlive(pid)
  const get = await hearth(home, 'store', 'get', at('manifest'), at('rescued'), '--json')
  expect(get.stderr).toBe('')
  expect(get.code).toBe(0)
  expect(await sha256(at('rescued'))).toBe(await sha256(at('file')))
})

test('killed with -9, practice leaves no process; the next start goes on where it was', async () => {
  test.setTimeout(120_000)
  expect(await practice.kill()).toEqual([])
  const away = await hearth(home, 'store', 'status', at('manifest'))
  expect(away.code).toBe(1)
  expect(away.stderr).toContain('hearth practice')
  const { neighbours } = practice
  practice = await startPractice(home)
  expect(practice.neighbours.map((one) => one.peerId)).toEqual(neighbours.map((one) => one.peerId))
  expect((await hearth(home, 'store', 'status', at('manifest'), '--json')).json()).toMatchObject({ bytes: fileBytes })
  const second = await hearth(home, 'practice')
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/already running/)
  const { left, result } = await practice.stop()
  expect(left).toEqual([])
  expect(result.code).toBe(0)
  expect(result.stdout.trimEnd().split('\n')).toHaveLength(1)
})
