import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inventorySchema } from '../../api/inventory.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { runHearth } from './run-hearth.ts'

let folder: string
let homes = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const freshHome = () => join(folder, `home-${homes++}`)

async function hearth(args: readonly string[], env: Record<string, string> = {}) {
  let stdout = ''
  let stderr = ''
  const code = await runHearth({
    args,
    env: { XDG_CONFIG_HOME: join(folder, 'config'), ...env },
    cwd: folder,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

test.each([[[]], [['help']], [['detect', '--help']], [['--help', 'store']]])(
  'says how it is used: %j',
  async (args) => {
    const { code, stdout, stderr } = await hearth(args)
    expect(code).toBe(0)
    expect(stdout).toContain('usage: hearth')
    expect(stderr).toBe('')
  },
)

test.each([
  ['an unknown verb', ['fly']],
  ['an unknown option', ['detect', '--wings']],
  ['an option without its value', ['detect', '--home']],
  ['a missing manifest name', ['store', 'put', '/etc/hostname']],
  ['a wrong action', ['store', 'burn', 'x']],
  ['too many names', ['store', 'get', 'a', 'b', 'c']],
  ['a wrong number of neighbours', ['practice', '--neighbours', 'many']],
  ['too many neighbours', ['practice', '--neighbours', '65']],
  ['a wrong port', ['practice', '--port', '0']],
  ['an option of another action', ['store', 'get', 'm', 'out', '--dry-run']],
  ['a range that is none', ['store', 'get', 'm', 'out', '--range', '9-3']],
  ['a repair without a manifest', ['store', 'repair']],
  ['a repairer without a name', ['store', 'repairer', '/etc/hostname', '--out', 't', '--budget', '5']],
  ['a repairer without a ticket', ['store', 'repairer', '/etc/hostname', '--name', `0x${'1'.repeat(40)}`]],
  [
    'a budget that is no amount',
    ['store', 'repairer', '/etc/hostname', '--name', `0x${'1'.repeat(40)}`, '--out', 't', '--budget', 'lots'],
  ],
  ['an end with a budget', ['store', 'repairer', '/etc/hostname', '--end', '--budget', '5']],
  ['an extension by nothing', ['store', 'extend', '/etc/hostname']],
  ['a removal without a yes', ['store', 'remove', '/etc/hostname']],
  ['a repair of others without a ticket', ['repair']],
  ['a ticket that is not there', ['repair', 'nowhere']],
  ['an audit without a manifest', ['store', 'audit']],
  ['providers of something', ['store', 'providers', 'x']],
  ['no periods', ['store', 'put', '/etc/hostname', '--out', 'm', '--periods', '0']],
  ['an unknown role', ['role', 'start', 'magic']],
  ['a role of a later version', ['role', 'start', 'indexing']],
  ['a limit of another role', ['role', 'limits', 'render', '--disk', '/tmp']],
  ['limits without one', ['role', 'limits', 'storage']],
  ['a wrong size', ['role', 'limits', 'storage', '--limit', 'lots']],
  ['a file that is not there', ['store', 'put', 'nowhere', '--out', 'm']],
  ['a folder instead of a file', ['store', 'put', '.', '--out', 'm']],
  ['a manifest that would overwrite the file', ['store', 'put', '/etc/hostname', '--out', '/etc/hostname']],
  ['a manifest in a folder that is not there', ['store', 'put', '/etc/hostname', '--out', 'no/such/m']],
  ['a network file that is not there', ['earnings', '--network', 'nowhere.json']],
  ['prices without an export', ['earnings', '--price', '1', '--currency', 'EUR']],
  ['a currency without a price', ['earnings', '--csv', '--currency', 'EUR']],
  ['a price without a currency', ['earnings', '--csv', '--price', '1']],
  ['a price that is none', ['earnings', '--csv', '--price', '1,5', '--currency', 'EUR']],
  ['a price and a list of prices', ['earnings', '--csv', '--price', '1', '--prices', 'p', '--currency', 'EUR']],
  ['a list of prices that is not there', ['earnings', '--csv', '--prices', 'nowhere', '--currency', 'EUR']],
  ['a list of prices that is none', ['earnings', '--csv', '--prices', '/etc/hostname', '--currency', 'EUR']],
])('wrong usage ends with 2 and one line: %s', async (_name, args) => {
  const { code, stdout, stderr } = await hearth(args, { HEARTH_HOME: freshHome() })
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^hearth: [^\n]+\n$/)
})

test.each([
  ['store put', ['store', 'put', '/etc/hostname', '--out', 'm']],
  ['node', ['node', '--roles', 'storage']],
  ['earnings', ['earnings']],
])('without a network %s ends with 2 and names the way to one', async (_name, args) => {
  const { code, stderr } = await hearth([...args, '--home', freshHome()])
  expect(code).toBe(2)
  expect(stderr).toContain('hearth practice')
})

test('detect prints one object that the schema knows, with the home file system in it', async () => {
  const { code, stdout } = await hearth(['detect', '--json', '--home', freshHome()])
  expect(code).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  const inventory = inventorySchema.parse(JSON.parse(stdout))
  expect(inventory.disks.filter((disk) => disk.holdsHome)).toHaveLength(1)
})

test('role verbs write the intent that the engine follows and nothing else', async () => {
  const home = freshHome()
  expect((await hearth(['role', 'start', 'storage', '--limit', '20GiB', '--home', home])).code).toBe(0)
  expect((await hearth(['--home', home, 'role', 'limits', 'storage', '--upload', '5MiB'])).code).toBe(0)
  const listed = JSON.parse((await hearth(['role', 'list', '--json'], { HEARTH_HOME: home })).stdout)
  expect(listed.engine).toEqual({ running: false, pid: null })
  expect(listed.roles[0]).toMatchObject({
    role: 'storage',
    on: true,
    consented: true,
    diskLimitBytes: 20 * 1024 ** 3,
    uploadBytesPerSecond: 5 * 1024 ** 2,
  })
  await hearth(['role', 'limits', 'storage', '--limit', 'none', '--home', home])
  await hearth(['role', 'stop', 'storage', '--home', home])
  const settings = JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'))
  expect(settings.roles.storage).toMatchObject({ on: false, uploadBytesPerSecond: 5 * 1024 ** 2 })
  expect(settings.roles.storage.disks).toEqual([{ path: null, limitBytes: null, leaving: false, moveTo: null }])
})

test('role disks adds, shrinks, moves and keeps disks, and refuses in words what would lose pieces', async () => {
  const home = freshHome()
  const disk = join(home, 'second')
  await mkdir(disk, { recursive: true })
  const disks = async (...words: string[]) => {
    const { code, stdout, stderr } = await hearth(['role', 'disks', ...words, '--json', '--home', home])
    return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) }
  }
  expect(await disks('add', disk, '--limit', '500GB')).toMatchObject({
    code: 0,
    disks: [{ path: null }, { path: disk, limitBytes: 500 * 1024 ** 3, status: null }],
  })
  expect((await disks('shrink', disk, '--limit', '2GB')).disks[1].limitBytes).toBe(2 * 1024 ** 3)
  expect((await disks('move', 'home', disk)).disks[0]).toMatchObject({ path: null, leaving: true, moveTo: disk })
  expect(await disks('remove', disk)).toMatchObject({ code: 1, stderr: expect.stringContaining('only disk') })
  expect((await disks('pause')).movesPaused).toBe(true)
  expect((await disks('keep', 'home')).disks[0]).toMatchObject({ leaving: false, moveTo: null })
  expect(await disks('add', '/nowhere/at/all')).toMatchObject({ code: 1, stderr: expect.stringContaining('not there') })
  // Nothing is known of the disk yet, so that it may be gone; what it means is said first, and nothing is begun.
  expect(await disks('lose', disk)).toMatchObject({ code: 0, started: false, pieces: 0, customers: 0 })
  expect((await disks()).disks[1]).not.toHaveProperty('lost')
  expect((await disks('lose', disk, '--yes')).disks[1]).toMatchObject({ leaving: true, lost: true })
  expect((await disks('keep', disk)).disks[1]).not.toHaveProperty('lost')
  expect(await disks('lose', '/never/heard/of')).toMatchObject({ code: 1 })
  for (const wrong of [['add'], ['lose'], ['shrink', disk], ['move', 'home'], ['lend', disk]]) {
    expect((await disks(...wrong)).code).toBe(2)
  }
  const table = await hearth(['role', 'disks', '--home', home])
  expect(table.stdout).toMatch(/DISK +STATE +USED/)
})

test('a wrong settings file is named with its line and left as it is', async () => {
  const home = freshHome()
  await hearth(['role', 'start', 'storage', '--home', home])
  const path = join(home, 'settings.json')
  const wrong = (await readFile(path, 'utf8')).replace('"on": true', '"on": "yes"')
  await writeFile(path, wrong)
  for (const args of [
    ['role', 'list'],
    ['role', 'stop', 'storage'],
  ]) {
    const { code, stderr } = await hearth([...args, '--home', home])
    expect(code).toBe(2)
    expect(stderr).toMatch(/settings\.json is wrong in line \d+/)
  }
  expect(await readFile(path, 'utf8')).toBe(wrong)
})

test('a network whose chain is away is told before anything is begun', async () => {
  const home = freshHome()
  const file = join(folder, 'away.json')
  const address = `0x${'11'.repeat(20)}`
  const contracts = {
    HearthToken: address,
    Registry: address,
    Seeds: address,
    Payments: address,
    StorageMarket: address,
    Stewardship: address,
    RepairFund: address,
    Rewards: address,
    RenderPool: address,
    RenderMarket: address,
    RenderPanel: address,
    EnergyCertificates: address,
    EnergyMarket: address,
  }
  await writeFile(
    file,
    JSON.stringify({
      ...{ formatVersion: 1, practice: true, name: 'Away', symbol: 'PLAY', chainId: 912_000_000 },
      ...{ genesisHash: `0x${'22'.repeat(32)}`, rpcUrls: ['http://127.0.0.1:9/x'], contracts, deployedAtBlock: 1 },
      ...{ bootstrapPeers: [], journeyUrl: null, nativeWeiPerToken: '1' },
    }),
  )
  const { code, stderr } = await hearth(['earnings', '--home', home, '--network', file])
  expect(code).toBe(1)
  expect(stderr).toContain('hearth practice')
  const other = join(folder, 'other.json')
  await writeFile(other, (await readFile(file, 'utf8')).replace('912000000', '912000001'))
  expect((await hearth(['earnings', '--home', home, '--network', other])).code).toBe(2)
})

test('doctor finds nothing wrong in a fresh home and names what is', async () => {
  const home = freshHome()
  expect((await hearth(['doctor', '--home', home])).code).toBe(0)
  await writeFile(join(home, 'settings.json'), '{')
  const { code, stdout } = await hearth(['doctor', '--json', '--home', home])
  expect(code).toBe(1)
  expect(JSON.parse(stdout).findings[0]).toMatchObject({ check: 'settings', ok: false })
})
