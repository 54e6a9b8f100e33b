import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { expect, test } from '../fixtures/app.ts'
import { snapshotOf } from '../fixtures/bridge.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'

const earningMs = 120_000

test('a second disk is added, all pieces move to it while they are proven, and the figures are those of the file system', async ({
  launch,
}) => {
  test.setTimeout(360_000)
  const top = mkdtempSync(join(tmpdir(), 'hearth-second-disk-'))
  const second = join(top, 'disk')
  mkdirSync(second)
  const app = await launch()
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
  await new Shell(app.window).open('Storage')
  const storage = new StoragePage(app.window)
  await storage.switchOn()
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  const home = storage.disk('home')
  await expect.poll(() => storage.usedOn(home)).toBeGreaterThan(0)

  await storage.addDisk(second, '5')
  await expect(storage.disk(second)).toBeVisible()
  await expect(storage.stateOf(storage.disk(second))).toHaveAttribute('data-state', 'ready', { timeout: 20_000 })
  await takePicture(app.window, 'two-disks')
  expect(await accessibilityViolations(app.window)).toEqual([])

  await storage.moveFrom(home, second)
  // Once the last piece has left, the first disk is no longer in the list.
  await expect(home).toHaveCount(0, { timeout: 60_000 })
  const [folder] = readdirSync(second)
  expect(folder).toMatch(/^hearth-[0-9a-f]{8}$/)
  await expect.poll(() => storage.usedOn(storage.disk(second))).toBe(pieceBytesIn(join(second, folder!)))
  const used = await storage.usedOn(storage.disk(second))
  expect(used).toBeGreaterThan(0)
  const taken = Number(execFileSync('du', ['-s', '-B1', join(second, folder!)], { encoding: 'utf8' }).split('\t')[0])
  expect(taken - used).toBeGreaterThanOrEqual(0)
  expect(taken - used).toBeLessThan((countIn(join(second, folder!)) + 1) * 4096)

  const before = (await snapshotOf(app.window)).roles[0]?.status?.storage?.lastProvenPeriod ?? 0
  await expect
    .poll(async () => (await snapshotOf(app.window)).roles[0]?.status?.storage?.lastProvenPeriod ?? 0, {
      timeout: 100_000,
    })
    .toBeGreaterThan(before)
  expect(app.complaints).toEqual([])
  expect(await app.quit()).toEqual([])
  rmSync(top, { recursive: true, force: true })
})

test('a disk that never comes back is given up in the window, and the other one goes on', async ({ launch }) => {
  test.setTimeout(240_000)
  const second = mkdtempSync(join(tmpdir(), 'hearth-lost-disk-'))
  const app = await launch()
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
  await new Shell(app.window).open('Storage')
  const storage = new StoragePage(app.window)
  await storage.switchOn()
  await expect(storage.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  await storage.addDisk(second, '5')
  const disk = storage.disk(second)
  await expect(storage.stateOf(disk)).toHaveAttribute('data-state', 'ready', { timeout: 20_000 })
  await expect(disk.getByRole('button', { name: 'It never comes back' })).toHaveCount(0)
  rmSync(second, { recursive: true })
  await expect(storage.stateOf(disk)).toHaveAttribute('data-state', 'missing', { timeout: 30_000 })
  await storage.loseDisk(disk)
  await expect(disk).toHaveCount(0, { timeout: 30_000 })
  await expect(storage.stateOf(storage.disk('home'))).toHaveAttribute('data-state', 'ready')
  await expect(storage.process()).toHaveAttribute('data-state', 'running')
  expect(app.complaints).toEqual([])
  expect(await app.quit()).toEqual([])
})

function pieceBytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[0-9a-f]{64}$/.test(path))
    .reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
}

function countIn(folder: string): number {
  return readdirSync(folder, { recursive: true }).length
}
