import { endIfRunning, expect, launchApp, makeHome, removeHome, test, type LaunchedApp } from '../fixtures/app.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { pageNames, Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'

let app: LaunchedApp
let home: string

test.beforeAll(async () => {
  test.setTimeout(120_000)
  home = makeHome()
  app = await launchApp(home)
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
})

test.afterAll(async () => {
  await endIfRunning(app)
  removeHome(home)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.beforeEach(() => app.window.emulateMedia({ colorScheme, reducedMotion: 'reduce' }))

    for (const name of pageNames) {
      test(`${name} has no accessibility violation`, async () => {
        await new Shell(app.window).open(name)
        await expect(new Shell(app.window).heading()).toBeVisible()
        await takePicture(app.window, `${name.toLowerCase()}-${colorScheme}`)
        expect(await accessibilityViolations(app.window)).toEqual([])
      })
    }

    test('the consent dialog has no accessibility violation', async () => {
      await new Shell(app.window).open('Storage')
      const storage = new StoragePage(app.window)
      await storage.switch().click()
      await expect(storage.consent()).toBeVisible()
      expect(await accessibilityViolations(app.window)).toEqual([])
      await app.window.keyboard.press('Escape')
      await expect(storage.consent()).toBeHidden()
      await expect(storage.switch()).not.toBeChecked()
    })
  })
}

test('every page is reached with the keyboard alone', async () => {
  const shell = new Shell(app.window)
  for (const name of pageNames) {
    await shell.navigation(name).focus()
    await app.window.keyboard.press('Enter')
    await expect(shell.navigation(name)).toHaveAttribute('aria-current', 'page')
  }
})

test('nothing is cut off at twice the size', async () => {
  const zoom = (factor: number) =>
    app.electron.evaluate(
      ({ BrowserWindow }, value) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(value),
      factor,
    )
  await zoom(2)
  for (const name of pageNames) {
    await new Shell(app.window).open(name)
    const wider = await app.window.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(wider, name).toBeLessThanOrEqual(0)
  }
  await takePicture(app.window, 'settings-200-percent')
  await zoom(1)
})

test('the pages wrote no complaint', () => expect(app.complaints).toEqual([]))
