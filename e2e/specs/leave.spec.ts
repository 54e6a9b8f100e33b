import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { expect, test } from '../fixtures/app.ts'
import { snapshotOf } from '../fixtures/bridge.ts'
import { hearth } from '../fixtures/hearth.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'

const earningMs = 120_000
/** Handing over, and then the end of the period that runs (30 s) with its seed. */
const leavingMs = 180_000

test('a person leaves storage: told what it means, pieces go to other homes, nothing is held, and the file still comes back', async ({
  launch,
  home,
}) => {
  test.setTimeout(600_000)
  const app = await launch()
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
  await new Shell(app.window).open('Storage')
  const storage = new StoragePage(app.window)
  await storage.switchOn()
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  const bytes = randomBytes(200_000)
  const [file, manifest, back] = ['file', 'file.manifest', 'back'].map((name) => join(home, name))
  writeFileSync(file!, bytes)
  expect(await hearth(home, 'store', 'put', file!, '--out', manifest!)).toMatchObject({ code: 0 })

  await app.window.getByRole('button', { name: 'Leave', exact: true }).click()
  await expect(storage.consent()).toContainText('the last proofs are still owed and paid')
  expect(await accessibilityViolations(app.window)).toEqual([])
  await takePicture(app.window, 'leave')
  await storage.consent().getByRole('button', { name: 'Leave', exact: true }).click()
  await expect(app.window.getByText('You have left.')).toBeVisible({ timeout: leavingMs })
  const status = (await snapshotOf(app.window)).roles[0]?.status
  expect(status?.leaving?.sets).toEqual([])

  expect(await hearth(home, 'store', 'get', manifest!, back!)).toMatchObject({ code: 0 })
  expect(readFileSync(back!).equals(bytes)).toBe(true)
  expect(await app.quit()).toEqual([])
})
