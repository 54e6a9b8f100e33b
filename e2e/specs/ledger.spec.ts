import { expect, test } from '@playwright/test'
import { endIfRunning, launchApp, makeHome, removeHome } from '../fixtures/app.ts'
import { emulatedDevice, type EmulatedDevice } from '../fixtures/emulated-device.ts'
import { hearth, startHearth, startPractice, until, type HearthProcess, type Practice } from '../fixtures/hearth.ts'
import { ReviewPage } from '../pages/review.ts'
import { Shell } from '../pages/shell.ts'
import { WalletPage } from '../pages/wallet.ts'

/**
 * An operator whose key is on a device of its own, reached as the vendor's emulator is: authorize, earn, claim, and books that
 * balance. Nothing but the address of the device tells the command that it is a practice one.
 */
test.describe.configure({ mode: 'serial' })

let home: string
let practice: Practice
let ledger: HearthProcess
let device: EmulatedDevice
let account: string
let on: readonly string[]

test.beforeAll(async () => {
  test.setTimeout(180_000)
  home = makeHome()
  practice = await startPractice(home)
  ledger = startHearth(home, ['practice-ledger', '--new-account', '--json'])
  await until('the device', () => ledger.stdoutSoFar().includes('\n'), 30_000)
  const { port, address } = JSON.parse(ledger.stdoutSoFar()) as { port: number; address: string }
  device = emulatedDevice(port)
  account = address
  on = ['--ledger', `speculos:127.0.0.1:${port}`, '--json']
})

test.afterAll(async () => {
  test.setTimeout(60_000)
  ledger?.child.kill('SIGINT')
  await ledger?.ended
  await practice?.kill()
  removeHome(home)
})

async function books(): Promise<Record<string, unknown>> {
  const earnings = await hearth(home, 'earnings', '--json')
  expect(earnings.stderr).toBe('')
  return earnings.json()
}

const wei = (value: unknown): bigint => BigInt(String(value))

test('a refused consent binds nothing; an agreed one binds this computer to the account of the device', async () => {
  test.setTimeout(120_000)
  const refused = startHearth(home, ['authorize', ...on])
  const read = await device.answer('Reject')
  expect(read.slice(0, 2)).toEqual(['PRACTICE, no value', 'Hearth: authorize'])
  const refusal = await refused.ended
  expect(refusal).toMatchObject({ code: 1, stdout: '' })
  expect(refusal.stderr).toMatch(/refused/i)
  const agreed = startHearth(home, ['authorize', ...on])
  // The number was not used up: the same words are asked for again, but for the time.
  const again = await device.answer('Hold to sign')
  expect(again.filter((line) => !line.includes(':') || line.startsWith('Hearth'))).toEqual(
    read.filter((line) => !line.includes(':') || line.startsWith('Hearth')),
  )
  const done = await agreed.ended
  expect(done.code).toBe(0)
  expect(done.json()).toMatchObject({ operator: account })
})

test('what the computer earns is claimed by one signature that the device shows in full', async () => {
  test.setTimeout(240_000)
  const node = startHearth(home, ['node', '--roles', 'storage', ...on])
  try {
    await until('earnings', async () => wei((await books())['claimableWei']) > 0n, 120_000)
  } finally {
    node.child.kill('SIGINT')
    await node.ended
  }
  const before = await books()
  expect(before).toMatchObject({ operator: account, claimedWei: '0', reconciles: true })
  const refused = startHearth(home, ['claim', '--all', ...on])
  await device.answer('Reject')
  expect((await refused.ended).code).toBe(1)
  expect(await books()).toMatchObject({ claimedWei: '0', claimableWei: before['claimableWei'] })

  const claim = startHearth(home, ['claim', '--all', ...on])
  const read = (await device.answer('Hold to sign')).join('')
  const done = await claim.ended
  expect(done.code).toBe(0)
  const after = await books()
  const claimed = wei(after['claimedWei'])
  expect(claimed).toBe((wei(before['claimableWei']) / 10n ** 12n) * 10n ** 12n)
  const tokens = `${claimed / 10n ** 18n}.${String((claimed / 10n ** 12n) % 1_000_000n).padStart(6, '0')} PLAY`
  expect(read).toContain(tokens)
  expect(read).toContain(account.toLowerCase())
  expect(wei(after['earnedWei'])).toBe(claimed + wei(after['claimableWei']) + wei(after['movedToStakeWei']))
  expect(after['reconciles']).toBe(true)
})

test('the exported lines add up to the wei with the chain', async () => {
  const csv = await hearth(home, 'earnings', '--csv')
  expect(csv.code).toBe(0)
  const [head, ...lines] = csv.stdout.trimEnd().split('\r\n')
  const column = (name: string) => head!.split(',').indexOf(name)
  const sumOf = (name: string) => lines.reduce((sum, line) => sum + BigInt(line.split(',')[column(name)]!), 0n)
  const now = await books()
  expect(sumOf('earnedWei')).toBe(wei(now['earnedWei']))
  expect(sumOf('claimedWei')).toBe(wei(now['claimedWei']))
  expect(sumOf('burnedWei')).toBe(wei(now['burnedWei']))
  expect(sumOf('movedToStakeWei')).toBe(wei(now['movedToStakeWei']))
})

test('the app takes the same device by one flag: reviewed in the window, read and answered on the device', async () => {
  test.setTimeout(180_000)
  const app = await launchApp(home, on.slice(0, 2))
  const [review, wallet] = [new ReviewPage(app.window), new WalletPage(app.window)]
  try {
    await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 60_000 })
    await new Shell(app.window).open('Wallet')
    await expect(wallet.deviceState()).toHaveAttribute('data-state', 'ready')
    await expect(app.window.getByRole('main')).toContainText('Not a hardware wallet')
    await expect.poll(() => wallet.balanceWei(), { timeout: 30_000 }).toBeGreaterThan(10n ** 15n)
    const before = await wallet.balanceWei()
    const send = async () => {
      await app.window.getByRole('button', { name: 'Send tokens …' }).click()
      const dialog = review.dialog()
      await dialog.getByRole('textbox', { name: 'To account' }).fill(`0x${'5'.repeat(40)}`)
      await dialog.getByRole('textbox', { name: 'Amount in PLAY' }).fill('0.001')
      await dialog.getByRole('button', { name: 'Review', exact: true }).click()
      await expect(review.step()).toHaveAttribute('data-step', 'review')
      await expect(review.notHardware()).toBeVisible()
      const shown = await review.shownPages()
      await review.send().click()
      return shown.flat()
    }
    await send()
    await device.answer('Reject')
    await expect(review.dialog().getByTestId('consent-refused')).toBeVisible()
    await review.close()
    expect(await wallet.balanceWei()).toBe(before)

    const shown = await send()
    expect((await device.answer('Hold to sign')).slice(0, -1)).toEqual(shown)
    await expect(review.step()).toHaveAttribute('data-step', 'done', { timeout: 60_000 })
    await review.close()
    await expect.poll(() => wallet.balanceWei(), { timeout: 60_000 }).toBe(before - 10n ** 15n)
    expect(app.complaints).toEqual([])
  } finally {
    await endIfRunning(app)
  }
})

test('as a transaction: what blind signing means is said first, the hash is the same on the device, and it lands', async () => {
  test.setTimeout(120_000)
  const blind = startHearth(home, ['practice-ledger', '--blind-signing', '--json'])
  try {
    await until('the second device', () => blind.stdoutSoFar().includes('\n'), 30_000)
    const { port, address } = JSON.parse(blind.stdoutSoFar()) as { port: number; address: string }
    const ask = ['authorize', '--transaction', '--ledger', `speculos:127.0.0.1:${port}`, '--json']
    const refused = startHearth(home, ask)
    const read = await emulatedDevice(port).answer('Reject')
    expect(read[0]).toBe('Blind signing ahead')
    const refusal = await refused.ended
    expect(refusal).toMatchObject({ code: 1, stdout: '' })
    expect(refusal.stderr).toMatch(/Your account 0x[^]*needs blind signing[^]*refused/)
    const agreed = startHearth(home, ask)
    const shown = (await emulatedDevice(port).answer('Hold to sign')).join('')
    const done = await agreed.ended
    expect(done.json()).toMatchObject({ operator: address, form: 'transaction', feeWei: '0' })
    expect(shown).toContain(/Transaction hash\s+(0x[0-9a-f]{64})/.exec(done.stderr)?.[1] ?? 'no hash')
  } finally {
    blind.child.kill('SIGINT')
    await blind.ended
  }
})

test('where no device answers, the way on is said and nothing happens', async () => {
  const claim = await hearth(home, 'claim', '1', '--ledger', 'speculos:127.0.0.1:9', '--json')
  expect(claim).toMatchObject({ code: 1, stdout: '' })
  expect(claim.stderr).toMatch(/No Ledger was found at 127\.0\.0\.1:9\b.*Start the emulator/)
})
