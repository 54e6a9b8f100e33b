import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HearthBridge } from '../../main/api/channels.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { endIfRunning, expect, launchApp, makeHome, removeHome, test, type LaunchedApp } from '../fixtures/app.ts'
import { ask, snapshotOf } from '../fixtures/bridge.ts'
import { hearth } from '../fixtures/hearth.ts'
import { takePicture, takePictureOf } from '../fixtures/pictures.ts'
import { EarningsPage } from '../pages/earnings.ts'
import { ReviewPage } from '../pages/review.ts'
import { Shell } from '../pages/shell.ts'
import { StoragePage } from '../pages/storage.ts'
import { WalletPage } from '../pages/wallet.ts'

const networkReadyMs = 90_000
const earningMs = 120_000
/** A sentence is signed, sent and final within some blocks of a second. */
const landedMs = 60_000
const weiPerMicro = 10n ** 12n

let app: LaunchedApp
let home: string

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  test.setTimeout(150_000)
  home = makeHome()
  app = await launchApp(home)
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
})

test.afterAll(async () => {
  await endIfRunning(app)
  removeHome(home)
})

/** Everything that a refusal must leave as it was. What is earned meanwhile may grow. */
async function heldByOperator(): Promise<unknown> {
  const { wallet, earnings } = await snapshotOf(app.window)
  return { balanceWei: wallet?.balanceWei, payout: wallet?.payout, claimedWei: earnings?.claimedWei }
}

test('a newcomer chooses the practice Ledger and is told what it is', async () => {
  const wallet = new WalletPage(app.window)
  await new Shell(app.window).open('Wallet')
  await wallet.holder('Practice Ledger with a touch screen').click()
  await expect(wallet.deviceState()).toHaveAttribute('data-state', 'ready')
  await expect(app.window.getByTestId('practice-screen')).toContainText('is ready')
  await expect(app.window.getByRole('main')).toContainText('Not a hardware wallet')
  await takePicture(app.window, 'wallet-practice-ledger', { fullPage: true })
  expect(await accessibilityViolations(app.window)).toEqual([])
})

test('storage is switched on, and its agreement read and given on the practice Ledger', async () => {
  test.setTimeout(300_000)
  const storage = new StoragePage(app.window)
  const review = new ReviewPage(app.window)
  await new Shell(app.window).open('Storage')
  await storage.switchOn()
  await new WalletPage(app.window).authorize().click({ timeout: 60_000 })
  await expect(review.step()).toHaveAttribute('data-step', 'review')
  await expect(review.notHardware()).toBeVisible()
  await takePicture(app.window, 'review-authorize')
  const shown = await review.shownPages()
  expect(shown.flat()[0]).toBe('PRACTICE, no value')

  await review.sendToDevice()
  const read = await review.readToTheEnd()
  expect(read.slice(0, -1)).toEqual(shown.flat())
  await review.press('Agree')
  await expect(review.step()).toHaveAttribute('data-step', 'done', { timeout: landedMs })
  await review.close()
  await expect(storage.earning()).toHaveAttribute('data-state', 'earning', { timeout: earningMs })
  await expect.poll(async () => (await snapshotOf(app.window)).roles[0]?.boundOnChain).toBe(true)
})

test('a claim that is refused on the device leaves everything as it was', async () => {
  test.setTimeout(240_000)
  const earnings = new EarningsPage(app.window)
  const review = new ReviewPage(app.window)
  await new Shell(app.window).open('Earnings')
  await expect.poll(() => earnings.wei('claimable'), { timeout: earningMs }).toBeGreaterThan(weiPerMicro)
  const before = await heldByOperator()
  await earnings.claim().click()
  await review.sendToDevice()
  await takePicture(app.window, 'review-claim-on-device')
  expect(await accessibilityViolations(app.window)).toEqual([])
  await review.press('Refuse')
  await expect(review.dialog().getByTestId('consent-refused')).toBeVisible()
  await expect(review.step()).toHaveAttribute('data-step', 'failed')
  await takePicture(app.window, 'review-refused')
  await review.close()
  expect(await heldByOperator()).toEqual(before)
})

test('a tampered window that changes amount or recipient of a claim is stopped in main, and it is shown', async () => {
  const before = await heldByOperator()
  const { earnings, wallet } = await snapshotOf(app.window)
  const micro = (BigInt(earnings?.claimableWei ?? '0') / weiPerMicro).toString()
  const thief = '0x66f820a414680b5bcda5eeca5dea238543f42054'
  const own = wallet?.payout?.address.toLowerCase() ?? ''
  const swaps: readonly ((text: string) => string)[] = [
    (text) => text.replace(own, thief),
    (text) => text.replace(/\d+\.\d{6}/, '9999999.000000'),
    (text) => `${text}\n`,
  ]
  for (const swap of swaps) {
    const review = await ask(app.window, 'consent:prepare', { kind: 'claim', micro })
    const changed = swap(review.text)
    expect(changed).not.toBe(review.text)
    const result = await app.window.evaluate(
      ([id, text]) => {
        const { hearth: bridge } = globalThis as unknown as { hearth: HearthBridge }
        return bridge.request('consent:sign', { id, text })
      },
      [review.id, changed] as const,
    )
    expect(result).toMatchObject({ ok: false, error: { code: 'REVIEW_TAMPERED' } })
    // The device was never asked.
    expect((await snapshotOf(app.window)).wallet?.practiceScreen?.pages).toBe(1)
  }
  expect(await heldByOperator()).toEqual(before)
  await new Shell(app.window).open('Activity')
  await expect(app.window.getByText('The window sent another text to sign').first()).toBeVisible()
  await takePicture(app.window, 'activity-tampered')
})

test('a claim is reviewed, read on the device line for line, agreed to, and seen as claimed', async () => {
  test.setTimeout(240_000)
  const earnings = new EarningsPage(app.window)
  const review = new ReviewPage(app.window)
  await new Shell(app.window).open('Earnings')
  const claimedBefore = await earnings.wei('claimed')
  await earnings.claim().click()
  await expect(review.step()).toHaveAttribute('data-step', 'review')
  const shown = await review.shownPages()
  const amount = /(\d+)\.(\d{6}) PLAY/.exec(shown.flat().join(' '))
  const micro = BigInt(`${amount?.[1]}${amount?.[2]}`)
  await review.sendToDevice()
  expect((await review.readToTheEnd()).slice(0, -1)).toEqual(shown.flat())
  await takePicture(app.window, 'review-claim-last-page')
  await review.press('Agree')
  await expect(review.step()).toHaveAttribute('data-step', 'done', { timeout: landedMs })
  await takePicture(app.window, 'review-done')
  await review.close()

  const claimed = claimedBefore + micro * weiPerMicro
  await expect.poll(() => earnings.wei('claimed'), { timeout: landedMs }).toBe(claimed)
  await expect(earnings.agrees()).toHaveAttribute('data-agrees', 'true')
  await takePicture(app.window, 'earnings-claimed', { fullPage: true })
  expect(await accessibilityViolations(app.window)).toEqual([])
  await new Shell(app.window).open('Wallet')
  await expect
    .poll(() => new WalletPage(app.window).balanceWei(), { timeout: landedMs })
    .toBeGreaterThanOrEqual(claimed)
  const told = (await hearth(home, 'earnings', '--json')).json()
  expect(told).toMatchObject({ claimedWei: claimed.toString() })
})

test('a reward is recomputed on this computer, and the tax file adds up to the wei', async () => {
  test.setTimeout(240_000)
  const { window } = app
  await new Shell(window).open('Earnings')
  const number = window.getByRole('textbox', { name: 'Number of the reward round' })
  await expect(number).toHaveValue(/^[1-9]/, { timeout: 120_000 })
  await window.getByRole('button', { name: 'Verify my reward' }).click()
  await expect(window.getByTestId('reward-check')).toHaveAttribute('data-equal', 'true', { timeout: 60_000 })

  const path = join(home, 'tax.csv')
  await app.electron.evaluate(({ dialog }, filePath) => {
    // A person chooses a place in the system's own window, which no test can press.
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
  }, path)
  await window.getByRole('button', { name: 'Save for taxes …' }).click()
  await window.getByRole('radio', { name: 'One price for all' }).click()
  await window.getByRole('textbox', { name: 'Price of one token' }).fill('0.5')
  await window.getByRole('button', { name: 'Save …', exact: true }).click()
  await expect(window.getByRole('alertdialog')).toContainText(path)
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n')
  const sumOf = (name: string) =>
    lines.reduce((sum, line) => sum + BigInt(line.split(',')[head!.split(',').indexOf(name)]!), 0n)
  const { earnings } = await snapshotOf(window)
  expect(sumOf('claimedWei')).toBe(BigInt(earnings?.claimedWei ?? '-1'))
  // It may have earned on since the file was written, and never less.
  expect(sumOf('earnedWei')).toBeLessThanOrEqual(BigInt(earnings?.earnedWei ?? '-1'))
  expect(sumOf('earnedWei')).toBeGreaterThan(0n)
  expect(lines[0]).toContain(',EUR,0.5,')
  expect(readFileSync(`${path}.notes.txt`, 'utf8')).toContain('add up to the wei with the contract')
  await window.getByRole('alertdialog').getByRole('button', { name: 'Close', exact: true }).click()
})

test('after a restart the books balance, and the claim and the device are as they were', async () => {
  test.setTimeout(240_000)
  const { claimedWei } = (await snapshotOf(app.window)).earnings ?? {}
  await new Shell(app.window).open('Storage')
  for (const heading of ['At risk', 'Reputation', 'For whom, until when'])
    await takePictureOf(app.window.getByRole('region', { name: heading }), `card-${heading.replaceAll(/\W+/g, '-')}`)
  expect(app.complaints).toEqual([])
  expect(await app.quit()).toEqual([])

  app = await launchApp(home)
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: networkReadyMs })
  await new Shell(app.window).open('Earnings')
  const earnings = new EarningsPage(app.window)
  await expect.poll(() => earnings.wei('claimed'), { timeout: 60_000 }).toBe(BigInt(claimedWei ?? '-1'))
  await expect(earnings.agrees()).toHaveAttribute('data-agrees', 'true')
  const snapshot = await snapshotOf(app.window)
  expect(snapshot.earnings?.reconciles).toBe(true)
  expect(snapshot.wallet?.choice).toEqual({ kind: 'practiceLedger', model: 'touch' })
  const { earnedWei, claimableWei, movedToStakeWei } = snapshot.earnings!
  expect(BigInt(earnedWei)).toBe(BigInt(claimedWei!) + BigInt(claimableWei) + BigInt(movedToStakeWei))
  expect(app.complaints).toEqual([])
})
