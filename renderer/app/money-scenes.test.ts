import { createElement } from 'react'
import type { FunctionComponent } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, describe, expect, test } from 'vitest'
import { sceneSnapshot } from '../bridge/fake-scenes.ts'
import type { SceneName } from '../bridge/fake-scenes.ts'
import { fakeDeviceStates, fakeReview, fakeReviewScreen, fakeIdleScreen, fakeWallet } from '../bridge/fake-wallet.ts'
import type { ConsentRequest, Snapshot, WalletView } from '../bridge/types.ts'
import { DeviceWords } from '../components/device-words.tsx'
import { describeDevice } from '../format/device.ts'
import { Banners } from './banners.tsx'
import { Earnings } from '../screens/earnings/earnings.tsx'
import { ReviewBody } from '../screens/review/review-body.tsx'
import { Wallet } from '../screens/wallet/wallet.tsx'
import { snapshotArrived, useSnapshotStore } from '../state/snapshot.ts'

/** The clock of the window is the real one. */
const nowMs = Date.now()

/** The words of a part of the window in a snapshot. Rendering to text reads a store as it was at first. */
function wordsOf<P extends object>(snapshot: Snapshot, part: FunctionComponent<P>, props: P): string {
  useSnapshotStore.setState({ state: { kind: 'loading' } })
  snapshotArrived(snapshot)
  Object.assign(useSnapshotStore.getInitialState(), useSnapshotStore.getState())
  return renderToStaticMarkup(createElement(part, props))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
}

function inScene(scene: SceneName, part: FunctionComponent): string {
  return wordsOf(sceneSnapshot(scene, nowMs), part, {})
}

function withWallet(change: Partial<WalletView>): Snapshot {
  return { ...sceneSnapshot('earning', nowMs), wallet: { ...fakeWallet(), ...change } }
}

afterEach(() => {
  Object.assign(useSnapshotStore.getInitialState(), { state: { kind: 'loading' } })
  useSnapshotStore.setState({ state: { kind: 'loading' } })
})

describe('the wallet page', () => {
  test('says that it belongs to a network while there is none, and still what a loss means', () => {
    const words = inScene('none', Wallet)
    expect(words).toContain('The wallet belongs to a network')
    expect(words).toContain('If something gets lost')
  })

  test('marks everything but a device on USB as no hardware wallet', () => {
    expect(inScene('touch', Wallet)).toContain('Not a hardware wallet')
    expect(inScene('twoButton', Wallet)).toContain('For practice only.')
    expect(inScene('usb', Wallet)).not.toContain('Not a hardware wallet')
  })

  test('puts every state of the device into words, with a way to look again where that helps', () => {
    for (const state of fakeDeviceStates) {
      const words = wordsOf(withWallet({ choice: { kind: 'usb' }, hardware: true, state }), Wallet, {})
      const { title, checkAgain } = describeDevice(state)
      expect(words).toContain(title)
      expect(/Look (again|at it now)/.test(words)).toBe(checkAgain)
    }
  })

  test('hands over the file that lets Linux speak to the device', () => {
    const words = inScene('noPermission', Wallet)
    expect(words).toContain('Contents of /etc/udev/rules.d/70-hearth-ledger.rules')
    expect(words).toContain('ATTRS{idVendor}=="2c97"')
    expect(words).toContain('Copy')
  })

  test('shows a payout change that waits with its end and the way to stop it, and to finish it only when its time came', () => {
    const waiting = inScene('payoutWaits', Wallet)
    expect(waiting).toContain('A change is waiting')
    expect(waiting).toContain('Cancel the change')
    expect(waiting).not.toContain('Finish the change')
    expect(inScene('payoutRipe', Wallet)).toContain('Finish the change')
  })

  test('warns of an account that the device never confirmed, with both in full', () => {
    const words = inScene('payoutDiffers', Wallet)
    expect(words).toContain('You would be paid to an account that your device never confirmed')
    expect(words).toContain('0x 66f8 20a4 1468 0B5b cda5 eECA 5dea 2385 43F4 2054')
    expect(words).toContain('0x 8ba1 f109 551b D432 8030 1264 5Ac1 36dd d64D BA72')
    expect(words).toContain('Claim nothing.')
  })
})

test('every page asks for the agreement that something is waiting for, unless the practice key gives it by itself', () => {
  expect(inScene('authorize', Banners)).toContain('Review and agree')
  expect(inScene('earning', Banners)).not.toContain('Review and agree')
  const { roles } = sceneSnapshot('authorize', nowMs)
  expect(wordsOf({ ...withWallet({}), roles }, Banners, {})).not.toContain('Review and agree')
})

describe('the earnings page', () => {
  test('says where everything is, in amounts that add up', () => {
    const words = inScene('earning', Earnings)
    expect(words).toContain('37.731905 PLAY')
    expect(words).toContain('Ready to claim')
    expect(words).not.toContain('The books do not add up')
  })

  test('shows books that do not add up in words and with what to do', () => {
    const words = inScene('problem', Earnings)
    expect(words).toContain('The books do not add up')
    expect(words).toContain('Do not claim until they agree.')
  })

  test('warns before the fee account stops the earning, and names the account to fill', () => {
    const words = inScene('dearClaim', Earnings)
    expect(words).toContain('The fee account is nearly empty')
    expect(words).toContain('It pays for 4 more proofs.')
    expect(words).toContain('0x 9965 507D 1a55 bcC2 695C 58ba 16FB 37d8 19B0 A4dc')
  })

  test('tells when a deposit comes back, and what was taken with its record', () => {
    const words = inScene('unbonding', Earnings)
    expect(words).toContain('On its way back, still at risk')
    expect(words).toContain('a proof was missed once too often')
    expect(words).toContain('0x5e5e5e…5e5e')
  })

  test('has a word for the time before a network', () => {
    expect(inScene('none', Earnings)).toContain('Nothing to count yet')
  })
})

describe('the review', () => {
  const requests: readonly ConsentRequest[] = [
    { kind: 'authorize' },
    { kind: 'revoke', role: 'storage' },
    { kind: 'payout', to: `0x${'ab'.repeat(20)}` },
    { kind: 'cancelPayout' },
    { kind: 'claim', micro: '12345678' },
    { kind: 'transfer', to: `0x${'ab'.repeat(20)}`, micro: '1' },
    { kind: 'stake', micro: '5000000' },
    { kind: 'unstake', micro: '5000000' },
  ]

  test('shows every line of every page as the device has it, for each thing that can be agreed to', () => {
    for (const model of ['touch', 'twoButton'] as const) {
      const practiceScreen = fakeIdleScreen(model)
      const snapshot = withWallet({ choice: { kind: 'practiceLedger', model }, practiceScreen })
      for (const request of requests) {
        const review = fakeReview('one', request, nowMs)
        const words = wordsOf(snapshot, ReviewBody, { open: { kind: 'review', review }, step: 'review' })
        const pages = model === 'touch' ? review.touchPages : review.twoButtonPages
        for (const line of pages.flat()) expect(words).toContain(line.trim().replaceAll(/\s+/g, ' '))
        expect(words).toContain('Compare with your device')
      }
    }
  })

  test('shows no pages that are not the text, and says why', () => {
    const review = fakeReview('one', { kind: 'claim', micro: '12345678' }, nowMs)
    const swapped = { ...review, touchPages: [['Hearth: claim', '1.000000 PLAY']] }
    const snapshot = withWallet({ choice: { kind: 'practiceLedger', model: 'touch' } })
    const words = wordsOf(snapshot, ReviewBody, { open: { kind: 'review', review: swapped }, step: 'review' })
    expect(words).toContain('The pages differ from the text')
    expect(words).not.toContain('1.000000 PLAY')
  })

  test('has the practice Ledger beside it while that asks, with its buttons', () => {
    const review = fakeReview('one', { kind: 'claim', micro: '12345678' }, nowMs)
    const practiceScreen = fakeReviewScreen(fakeIdleScreen('touch'), review.touchPages, 0)
    const wallet = { choice: { kind: 'practiceLedger', model: 'touch' }, practiceScreen } as const
    const words = wordsOf(withWallet(wallet), ReviewBody, { open: { kind: 'signing', review }, step: 'device' })
    expect(words).toContain(`Page 1 of ${review.touchPages.length}`)
    expect(words).toMatch(/Next.*Refuse/)
    expect(words).toContain('answer there')
  })

  test('calls a refusal what it is, and anything else a failure with the state of the device', () => {
    const review = fakeReview('one', { kind: 'claim', micro: '12345678' }, nowMs)
    const words = (state: WalletView['state'], code: string): string =>
      wordsOf(withWallet({ choice: { kind: 'usb' }, state }), ReviewBody, {
        open: { kind: 'failed', review, failure: { code, message: 'It did not go.', action: 'Do this.' } },
        step: 'failed',
      })
    expect(words({ kind: 'refused' }, 'REFUSED')).toContain('Refused. Everything is as it was.')
    expect(words({ kind: 'refused' }, 'REFUSED')).not.toContain('It did not go.')
    expect(words({ kind: 'locked' }, 'DEVICE_LOCKED')).toContain('Hearth never asks for that code.')
    expect(words({ kind: 'refused' }, 'REVIEW_TAMPERED')).toContain('It did not go. Do this.')
    expect(words({ kind: 'refused' }, 'REVIEW_TAMPERED')).not.toContain('Refused.')
  })
})

test('a device in words names the file and the detail that belong to its state', () => {
  const snapshot = sceneSnapshot('usb', nowMs)
  const state = { kind: 'noUsbSupport', detail: 'libusb is missing' } as const
  expect(wordsOf(snapshot, DeviceWords, { state })).toContain('The system’s own words: libusb is missing')
})
