import { expect, test } from '@playwright/test'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { openSceneWindow, type SceneWindow } from '../fixtures/scenes.ts'

/** States of the pages about money and of the roles; the data is made up (`renderer/bridge/fake-scenes.ts`), the window is Electron's. */
const scenes = {
  earnings: ['earning', 'problem', 'early', 'dearClaim', 'unbonding', 'off', 'none'],
  wallet: [
    'earning',
    'touch',
    'twoButton',
    'usb',
    'noPermission',
    'payoutWaits',
    'payoutRipe',
    'payoutDiffers',
    'authorize',
    'none',
  ],
  storage: ['earning', 'off'],
  render: ['renderOff', 'rendering', 'renderIdle', 'renderPaused', 'noSurface', 'none'],
  overview: ['rendering'],
} as const

let scene: SceneWindow

test.beforeAll(async () => {
  test.setTimeout(120_000)
  scene = await openSceneWindow()
})

test.afterAll(() => scene.close())

for (const [screen, names] of Object.entries(scenes)) {
  for (const name of names) {
    test(`${screen} in the scene ${name} is accessible in light and dark, and nothing is cut off at twice the size`, async () => {
      await scene.window.setViewportSize({ width: 1280, height: 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await scene.window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await scene.show(name, screen)
        await takePicture(scene.window, `scene-${screen}-${name}-${colorScheme}`, { fullPage: true })
        expect(await accessibilityViolations(scene.window)).toEqual([])
      }
      // Twice the size in a window of 1280 pixels, and in the smallest one.
      for (const width of [640, 360]) {
        await scene.window.setViewportSize({ width, height: 900 })
        expect(await cutOff(scene), `${width} wide`).toBeLessThanOrEqual(0)
      }
    })
  }
}

function cutOff({ window }: SceneWindow): Promise<number> {
  return window.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

for (const [name, model] of [
  ['touch', 'touch'],
  ['twoButton', 'two-button'],
] as const) {
  test(`a claim on the practice Ledger with a ${model} screen: every step is accessible, and works with the keyboard alone`, async () => {
    await scene.window.setViewportSize({ width: 1280, height: 900 })
    await scene.window.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await scene.show(name, 'earnings')
    const { window } = scene
    const dialog = window.getByRole('alertdialog')
    const step = window.getByTestId('consent-step')
    const press = async (button: string): Promise<void> => {
      await dialog.getByRole('button', { name: button, exact: true }).focus()
      await window.keyboard.press('Enter')
    }
    await window.getByRole('button', { name: 'Claim …' }).focus()
    await window.keyboard.press('Enter')
    await expect(step).toHaveAttribute('data-step', 'review')
    await takePicture(window, `scene-review-${name}`)
    expect(await accessibilityViolations(window)).toEqual([])

    await press('Send to the device')
    await expect(step).toHaveAttribute('data-step', 'device')
    await takePicture(window, `scene-device-${name}`)
    expect(await accessibilityViolations(window)).toEqual([])
    const pages = await window.getByTestId('device-pages').locator('li').count()
    const firstLine = await window.getByTestId('device-pages').locator('li').first().locator('p').nth(1).innerText()
    await expect(window.getByTestId('practice-screen')).toContainText(firstLine)
    for (let page = 1; page < pages; page++) await press(name === 'touch' ? 'Next' : 'Right')
    await takePicture(window, `scene-last-page-${name}`)
    await press(name === 'touch' ? 'Agree' : 'Both')
    await expect(step).toHaveAttribute('data-step', 'done')
    await takePicture(window, `scene-done-${name}`)
    expect(await accessibilityViolations(window)).toEqual([])
    await press('Close')
    await expect(dialog).toBeHidden()
    await expect(window.getByTestId('claimable')).toHaveAttribute('data-wei', '0')
  })
}

test('a refusal on the device is shown as one, in dark and in a narrow window too', async () => {
  const { window } = scene
  await window.setViewportSize({ width: 400, height: 800 })
  await window.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await scene.show('touch', 'earnings')
  await window.getByRole('button', { name: 'Claim …' }).click()
  await window.getByRole('button', { name: 'Send to the device' }).click()
  await window.getByTestId('practice-device').getByRole('button', { name: 'Refuse' }).click()
  await expect(window.getByTestId('consent-refused')).toBeVisible()
  await takePicture(window, 'scene-refused')
  expect(await accessibilityViolations(window)).toEqual([])
  await window.getByRole('button', { name: 'Review again' }).click()
  await expect(window.getByTestId('consent-step')).toHaveAttribute('data-step', 'review')
})

test('dialogs about money are accessible: details, tax, minimum, deposit, sending, payout, taking a key away', async () => {
  const { window } = scene
  await window.setViewportSize({ width: 1280, height: 900 })
  await window.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const dialog = window.getByRole('alertdialog')
  const check = async (screen: string, name: 'unbonding' | 'earning', button: string): Promise<void> => {
    await scene.show(name, screen)
    await window.getByRole('button', { name: button }).first().click()
    await expect(dialog).toBeVisible()
    await takePicture(window, `scene-dialog-${button.replaceAll(/\W+/g, '-').toLowerCase()}`)
    expect(await accessibilityViolations(window), button).toEqual([])
  }
  await check('earnings', 'earning', 'Details: Pay for storing')
  await check('earnings', 'earning', 'Save for taxes')
  await check('earnings', 'earning', 'Change')
  await check('earnings', 'unbonding', 'Ask for it back')
  await check('wallet', 'earning', 'Send tokens')
  await check('wallet', 'earning', 'Change …')
  await check('wallet', 'earning', 'Take away …')
})

test('a hash is copied by its button, although the window has every permission denied', async () => {
  const { window, electron } = scene
  await scene.show('earning', 'earnings')
  await window.getByRole('button', { name: 'Copy the record’s number' }).first().click()
  const copied = await electron.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toMatch(/^0x[0-9a-f]{64}$/)
})
