import { randomBytes } from 'node:crypto'
import type { StakeView } from '../../main/api/snapshot.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { endIfRunning, expect, launchApp, makeHome, removeHome, test, type LaunchedApp } from '../fixtures/app.ts'
import { snapshotOf } from '../fixtures/bridge.ts'
import { hearth } from '../fixtures/hearth.ts'
import { takePicture } from '../fixtures/pictures.ts'
import { EarningsPage } from '../pages/earnings.ts'
import { ReviewPage } from '../pages/review.ts'
import { Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'
import { WalletPage } from '../pages/wallet.ts'

/** Every consent but the claim (`claim.spec.ts`), given in the real window on a practice Ledger with two buttons. */
test.describe.configure({ mode: 'serial' })

const earningMs = 120_000
const landedMs = 60_000
const weiPerToken = 10n ** 18n
const account = () => `0x${randomBytes(20).toString('hex')}`

let app: LaunchedApp
let home: string
let review: ReviewPage
let earnings: EarningsPage
let wallet: WalletPage

test.beforeAll(async () => {
  test.setTimeout(150_000)
  home = makeHome()
  app = await launchApp(home)
  review = new ReviewPage(app.window)
  earnings = new EarningsPage(app.window)
  wallet = new WalletPage(app.window)
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
})

test.afterAll(async () => {
  await endIfRunning(app)
  removeHome(home)
})

const open = (page: Parameters<Shell['open']>[0]) => new Shell(app.window).open(page)

async function stake(): Promise<StakeView> {
  return (await snapshotOf(app.window)).stake!
}

/** Fills the fields of the dialog that asks what exactly, and goes on to the review. */
async function ask(fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    await review.dialog().getByRole('textbox', { name: label }).fill(value)
  }
  await review.dialog().getByRole('button', { name: 'Review', exact: true }).click()
}

/** Reads the review page by page on both screens, agrees with both buttons, and waits until it is on the record. */
async function agree(): Promise<string> {
  await expect(review.step()).toHaveAttribute('data-step', 'review')
  const shown = await review.shownPages()
  await review.sendToDevice()
  expect(await review.readWithTwoButtons()).toEqual(shown)
  for (const page of shown) expect(page.length).toBeLessThanOrEqual(3)
  for (const line of shown.flat()) expect(line.length).toBeLessThanOrEqual(18)
  expect(await review.deviceLines()).toEqual(['Sign message'])
  await review.press('Both')
  await done()
  return shown.flat().join('')
}

async function done(): Promise<void> {
  await expect(review.step()).toHaveAttribute('data-step', 'done', { timeout: landedMs })
  await review.close()
}

/** Presses the system's own dialog, which no test can press: answers with its button `index`; gives back what it asked. */
async function answerSystemQuestion(index: number): Promise<() => Promise<string>> {
  await app.electron.evaluate(({ dialog }, response) => {
    const asked: string[] = []
    Object.assign(globalThis, { asked })
    const answer = (...given: unknown[]) => {
      asked.push(JSON.stringify(given.at(-1)))
      return Promise.resolve({ response, checkboxChecked: false })
    }
    dialog.showMessageBox = answer as typeof dialog.showMessageBox
  }, index)
  return () => app.electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked.join('\n'))
}

test('the screen with two buttons pages one agreement forth and back, and both together answer only at its end', async () => {
  test.setTimeout(300_000)
  await open('Wallet')
  await wallet.holder('Practice Ledger with two buttons').click()
  await expect(wallet.deviceState()).toHaveAttribute('data-state', 'ready')
  await open('Storage')
  const storage = new StoragePage(app.window)
  await storage.switchOn()
  await wallet.authorize().click({ timeout: 60_000 })
  await expect(review.step()).toHaveAttribute('data-step', 'review')
  const shown = await review.shownPages()
  await review.sendToDevice()
  await expect(review.device()).toHaveAttribute('data-model', 'twoButton')
  // Both do nothing on a page of text, left nothing on the first one, and what was turned can be turned back.
  for (const name of ['Both', 'Left']) {
    const button = review.device().getByRole('button', { name, exact: true })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await button.click({ force: true })
  }
  expect(await review.deviceLines()).toEqual(shown[0])
  await review.press('Right')
  await review.device().getByText('Page 2 of').waitFor()
  expect(await review.deviceLines()).toEqual(shown[1])
  await takePicture(app.window, 'review-two-buttons')
  await review.press('Left')
  await review.device().getByText('Page 1 of').waitFor()
  expect(await review.readWithTwoButtons()).toEqual(shown)
  await review.press('Right')
  await expect(review.deviceScreen()).toHaveText('Reject')
  await review.press('Left')
  await expect(review.deviceScreen()).toHaveText('Sign message')
  await review.press('Both')
  await done()
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
})

test('stake: a part of what was earned becomes the deposit', async () => {
  test.setTimeout(240_000)
  await open('Earnings')
  await expect.poll(() => earnings.wei('claimable'), { timeout: earningMs }).toBeGreaterThan(weiPerToken / 100n)
  const before = BigInt((await stake()).provisionWei)
  await app.window.getByRole('button', { name: 'Add to it …' }).click()
  await ask({ 'Amount in PLAY': '0.001' })
  expect(await agree()).toContain('0.001000 PLAY')
  await expect
    .poll(async () => BigInt((await stake()).provisionWei), { timeout: landedMs })
    .toBeGreaterThanOrEqual(before + weiPerToken / 1000n)
})

test('claim and transfer: what was claimed is sent, and exactly that', async () => {
  test.setTimeout(240_000)
  await earnings.claim().click()
  await agree()
  await open('Wallet')
  await expect.poll(() => wallet.balanceWei(), { timeout: landedMs }).toBeGreaterThan(weiPerToken / 500n)
  const before = await wallet.balanceWei()
  const to = account()
  await app.window.getByRole('button', { name: 'Send tokens …' }).click()
  await ask({ 'To account': to, 'Amount in PLAY': '0.001' })
  const read = (await agree()).replaceAll(' ', '')
  expect(read).toContain(`0.001000PLAYto${to}`)
  await expect.poll(() => wallet.balanceWei(), { timeout: landedMs }).toBe(before - weiPerToken / 1000n)
})

test('payout: a change is announced and waits, then it is cancelled, and claims go where they went', async () => {
  test.setTimeout(240_000)
  const own = await wallet.payout().getAttribute('data-address')
  const to = account()
  await app.window.getByRole('button', { name: 'Change …' }).click()
  await ask({ 'New account': to })
  expect((await agree()).replaceAll(' ', '')).toContain(to)
  const pending = app.window.getByTestId('payout-pending')
  await expect(pending).toBeVisible({ timeout: landedMs })
  await expect(wallet.payout()).toHaveAttribute('data-address', own ?? '')
  const { payout } = (await snapshotOf(app.window)).wallet!
  expect([payout?.differs, payout?.pending?.to.toLowerCase()]).toEqual([false, to])
  await takePicture(app.window, 'payout-pending', { fullPage: true })
  await pending.getByRole('button', { name: 'Cancel the change' }).click()
  await agree()
  await expect(pending).toBeHidden({ timeout: landedMs })
  await expect(wallet.payout()).toHaveAttribute('data-address', own ?? '')
})

test('as a transaction: said first that it is blind, refused while that is off, refused behind the warning, then sent', async () => {
  test.setTimeout(240_000)
  const before = await wallet.balanceWei()
  const to = account()
  await app.window.getByRole('button', { name: 'Send tokens …' }).click()
  await ask({ 'To account': to, 'Amount in PLAY': '0.001' })
  await review.dialog().getByRole('button', { name: 'Sign as a transaction instead' }).click()

  // Before anything goes to the device: what it means, what it costs whom, and the little that can be compared.
  await expect(review.transaction()).toContainText('Your device cannot show you what this does')
  await expect(review.transaction()).toContainText('0.001000 PLAY')
  await expect(review.transaction()).toContainText('Blind signing ahead')
  await expect(review.dialog()).toContainText('paid by your own account')
  expect((await snapshotOf(app.window)).wallet?.practiceScreen?.pages).toBe(1)
  await takePicture(app.window, 'review-transaction')
  const asked = await answerSystemQuestion(1)
  await review.send().click()
  await expect(review.dialog().getByTestId('consent-refused')).toBeVisible()
  expect(await asked()).toContain('0.001000 PLAY')
  await answerSystemQuestion(0)
  await review.dialog().getByRole('button', { name: 'Review again' }).click()
  expect(await accessibilityViolations(app.window)).toEqual([])
  await review.send().click()
  await expect(review.dialog().getByTestId('consent-failed')).toContainText('Blind signing is off on the device')
  await takePicture(app.window, 'review-blind-off')
  await review.toggleBlindSigning()
  await review.dialog().getByRole('button', { name: 'Review again' }).click()

  const hash = /0x[0-9a-f]{64}/.exec(await review.transaction().innerText())?.[0] ?? 'no hash'
  await review.sendToDevice()
  expect(await review.deviceLines()).toEqual(['Blind signing', 'ahead What this', 'does cannot be'])
  expect((await review.readWithTwoButtons()).flat().join('').replaceAll(' ', '')).toContain(hash)
  await expect(review.deviceScreen()).toHaveText('Accept risk, sign')
  await review.press('Right')
  await expect(review.deviceScreen()).toHaveText('Reject')
  await review.press('Both')
  await expect(review.dialog().getByTestId('consent-refused')).toBeVisible()
  expect((await snapshotOf(app.window)).wallet?.balanceWei).toBe(before.toString())

  await review.dialog().getByRole('button', { name: 'Review again' }).click()
  await review.sendToDevice()
  await review.readWithTwoButtons()
  await review.press('Both')
  await done()
  await expect.poll(() => wallet.balanceWei(), { timeout: landedMs }).toBe(before - weiPerToken / 1000n)
})

test('unstake: once storage was left, the deposit is asked back and waits', async () => {
  test.setTimeout(400_000)
  await open('Storage')
  await app.window.getByRole('button', { name: 'Leave', exact: true }).click()
  await review.dialog().getByRole('button', { name: 'Leave', exact: true }).click()
  await expect(app.window.getByText('You have left.')).toBeVisible({ timeout: 180_000 })
  await open('Earnings')
  const { provisionWei } = await stake()
  const askBack = app.window.getByRole('button', { name: 'Ask for it back …' })
  await expect(askBack).toBeEnabled({ timeout: landedMs })
  await askBack.click()
  await ask({ 'Amount in PLAY': '0.001' })
  expect(await agree()).toContain('0.001000 PLAY')
  await expect.poll(async () => (await stake()).unbondingWei, { timeout: landedMs }).toBe(String(weiPerToken / 1000n))
  // It is still there, at risk, until its time is over.
  expect((await stake()).provisionWei).toBe(provisionWei)
  await takePicture(app.window, 'deposit-on-its-way-back', { fullPage: true })
})

test('revoke: the key of storage is taken away for ever, what was earned stays, and the books balance', async () => {
  test.setTimeout(240_000)
  const { earnedWei } = (await snapshotOf(app.window)).earnings!
  await open('Wallet')
  await app.window.getByRole('button', { name: 'Take away …' }).first().click()
  await ask({})
  expect(await agree()).toContain('revoke forever')
  await expect
    .poll(async () => (await snapshotOf(app.window)).roles[0]?.boundOnChain, { timeout: landedMs })
    .toBe(false)
  const told = (await hearth(home, 'earnings', '--json')).json()
  expect(told).toMatchObject({ reconciles: true })
  expect(BigInt(String(told['earnedWei']))).toBeGreaterThanOrEqual(BigInt(earnedWei))
  expect(app.complaints).toEqual([])
  expect(await app.quit()).toEqual([])
})
