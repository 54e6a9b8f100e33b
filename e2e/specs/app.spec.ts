import { ask, earnedWei, pieceRoots, snapshotOf } from '../fixtures/bridge.ts'
import { expect, test, type LaunchedApp } from '../fixtures/app.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { HardwarePage } from '../pages/hardware.ts'
import { pageNames, Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'

const networkReadyMs = 90_000
const earningMs = 120_000

/** The bound that the app sets itself, and a second for the machine. */
const quitMs = 6_000

async function waitForNetwork({ window }: LaunchedApp): Promise<void> {
  await expect(new Shell(window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
}

test('a newcomer finds a disk, switches storage on with the mouse, earns, and finds it all again', async ({
  launch,
}) => {
  test.setTimeout(360_000)
  const first = await launch()
  const shell = new Shell(first.window)
  await takePicture(first.window, 'starting')

  await shell.open('Hardware')
  const hardware = new HardwarePage(first.window)
  await expect(hardware.disks().first()).toBeVisible()
  await expect(hardware.disks().first()).toContainText(/\d/)
  await takePicture(first.window, 'hardware')

  await waitForNetwork(first)
  await shell.open('Storage')
  const storage = new StoragePage(first.window)
  await expect(storage.switch()).not.toBeChecked()
  await storage.switch().click()
  await expect(storage.consent()).toBeVisible()
  await storage.limit().fill('5')
  await takePicture(first.window, 'consent')
  await storage.agree()
  const switchedOnAt = performance.now()

  await expect(storage.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  await expect(storage.switch()).toBeChecked()
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  const earningAfterMs = performance.now() - switchedOnAt
  expect(earningAfterMs).toBeLessThan(earningMs)
  test.info().annotations.push({ type: 'earning after', description: `${Math.round(earningAfterMs)} ms` })

  await expect.poll(() => storage.pieceCount()).toBeGreaterThan(0)
  await expect.poll(() => storage.earnedWei()).toBeGreaterThan(0n)
  for (const name of pageNames) {
    await shell.open(name)
    await takePicture(first.window, `earning-${name.toLowerCase()}`)
    expect(await accessibilityViolations(first.window), name).toEqual([])
  }

  // A download may be paid before the first proof; the proof follows in the round after the piece.
  const paidDays = async () =>
    (await ask(first.window, 'earnings:byDay', { days: 7 })).filter(
      (day) => BigInt(day.earnedWei) > 0n && day.proofs > 0,
    ).length
  await expect.poll(paidDays, { timeout: 75_000 }).toBeGreaterThan(0)
  const snapshot = await snapshotOf(first.window)
  expect(snapshot.earnings?.reconciles).toBe(true)
  const limitBytes = snapshot.roles.find((view) => view.role === 'storage')?.intent.disks[0]?.limitBytes
  expect(limitBytes).toBe(5_000_000_000)
  const before = { roots: await pieceRoots(first.window), wei: await earnedWei(first.window) }
  expect(first.complaints).toEqual([])

  const quitAt = performance.now()
  expect(await first.quit()).toEqual([])
  expect(performance.now() - quitAt).toBeLessThan(quitMs)

  const second = await launch()
  await waitForNetwork(second)
  await new Shell(second.window).open('Storage')
  const again = new StoragePage(second.window)
  await expect(again.switch()).toBeChecked()
  await expect(again.process()).toHaveAttribute('data-state', 'running', { timeout: 30_000 })
  await expect.poll(() => pieceRoots(second.window)).toEqual(expect.arrayContaining([...before.roots]))
  await expect.poll(() => earnedWei(second.window)).toBeGreaterThanOrEqual(before.wei)
  await expect(again.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  expect(second.complaints).toEqual([])
  expect(await second.quit()).toEqual([])
})
