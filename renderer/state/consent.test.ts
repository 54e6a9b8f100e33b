import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFakeBridge } from '../bridge/fake.ts'
import type { FakeBridge } from '../bridge/fake.ts'
import type { SceneName } from '../bridge/fake-scenes.ts'
import type { ConsentProgress } from '../bridge/types.ts'
import {
  askConsent,
  canStillCancel,
  closeConsent,
  formOf,
  isLeftOver,
  requestOf,
  retryConsent,
  signConsent,
  stepOf,
  useConsentStore,
} from './consent.ts'

const nowMs = Date.UTC(2026, 2, 4, 12)
const claim = { kind: 'claim', micro: '37731905' } as const

function useBridge(scene: SceneName): FakeBridge {
  const bridge = createFakeBridge({ scene, nowMs })
  vi.stubGlobal('window', { hearth: bridge })
  return bridge
}

const open = () => useConsentStore.getState().open

function pageCount(): number {
  const shown = open()
  if (shown.kind !== 'signing') throw new Error(`The review is ${shown.kind}.`)
  return shown.review.touchPages.length
}

async function claimable(bridge: FakeBridge): Promise<string | undefined> {
  const answer = await bridge.request('snapshot:get', undefined)
  return answer.ok ? answer.value.earnings?.claimableWei : undefined
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

beforeEach(() => useConsentStore.setState(useConsentStore.getInitialState(), true))
afterEach(() => vi.unstubAllGlobals())

describe('a review', () => {
  test('is prepared by main, sends back the very text that it shows, and ends with the record', async () => {
    const bridge = useBridge('earning')
    await askConsent(claim)
    const shown = open()
    if (shown.kind !== 'review') throw new Error(`The review is ${shown.kind}.`)
    await signConsent()
    expect(bridge.requests.at(-1)).toEqual({
      channel: 'consent:sign',
      argument: { id: shown.review.id, text: shown.review.text },
    })
    expect(open()).toMatchObject({ kind: 'done', transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  })

  test('waits on the practice Ledger until its last page is confirmed there', async () => {
    const bridge = useBridge('touch')
    await askConsent(claim)
    const signing = signConsent()
    await settle()
    expect(open().kind).toBe('signing')
    for (let page = 1; page < pageCount(); page++) await bridge.request('wallet:press', { button: 'next' })
    await bridge.request('wallet:press', { button: 'confirm' })
    await signing
    expect(open().kind).toBe('done')
  })

  test('that is refused on the device leaves everything as it was and can be asked again', async () => {
    const bridge = useBridge('twoButton')
    const before = await claimable(bridge)
    await askConsent(claim)
    const signing = signConsent()
    await settle()
    await bridge.request('wallet:press', { button: 'reject' })
    await signing
    expect(open()).toMatchObject({ kind: 'failed', failure: { code: 'REFUSED' } })
    expect(await claimable(bridge)).toBe(before)
    await retryConsent()
    expect(open().kind).toBe('review')
  })

  test('that is stopped while the device asks is taken back in main; the answer that comes then is dropped', async () => {
    const bridge = useBridge('touch')
    await askConsent(claim)
    const signing = signConsent()
    await settle()
    await closeConsent('device')
    await signing
    expect(open().kind).toBe('closed')
    expect(bridge.requests.some(({ channel }) => channel === 'consent:cancel')).toBe(true)
  })

  test('that was sent already goes on when its dialog is closed', async () => {
    const bridge = useBridge('touch')
    await askConsent(claim)
    void signConsent()
    await settle()
    await closeConsent('confirming')
    expect(bridge.requests.some(({ channel }) => channel === 'consent:cancel')).toBe(false)
  })

  test('of a device that is not there says so', async () => {
    useBridge('usb')
    await askConsent(claim)
    await signConsent()
    expect(open()).toMatchObject({ kind: 'failed', failure: { code: 'DEVICE_NOT_CONNECTED' } })
  })

  test('that main cannot prepare keeps the reason and what was asked for', async () => {
    useBridge('broken')
    await askConsent(claim)
    expect(open()).toMatchObject({ kind: 'unprepared', request: claim, failure: { code: 'SETTINGS_INVALID' } })
  })

  test('shows the newest question when two are asked at once', async () => {
    useBridge('earning')
    await Promise.all([askConsent(claim), askConsent({ kind: 'cancelPayout' })])
    expect(requestOf(open())).toEqual({ kind: 'cancelPayout' })
  })
})

describe('a review as a transaction', () => {
  test('sends back text and transaction as they are shown, and stays one when it is reviewed again', async () => {
    const bridge = useBridge('touch')
    await askConsent(claim, 'transaction')
    const shown = open()
    if (shown.kind !== 'review' || shown.review.transaction === null) throw new Error(`It is ${shown.kind}.`)
    expect(formOf(shown)).toBe('transaction')
    await signConsent()
    expect(bridge.requests.at(-1)).toEqual({
      channel: 'consent:sign',
      argument: { id: shown.review.id, text: shown.review.text, unsigned: shown.review.transaction.unsigned },
    })
    // Blind signing is off on the device.
    expect(open()).toMatchObject({ kind: 'failed', failure: { code: 'BLIND_SIGNING_NEEDED' } })
    await retryConsent()
    expect(formOf(open())).toBe('transaction')
    await askConsent(claim)
    expect(formOf(open())).toBe('sentence')
  })

  test('that cannot be prepared keeps its form', async () => {
    useBridge('broken')
    await askConsent(claim, 'transaction')
    expect(open()).toMatchObject({ kind: 'unprepared', form: 'transaction' })
  })
})

describe('the step', () => {
  const progress = (step: ConsentProgress['step'], id = 'consent-1'): ConsentProgress => ({
    id,
    request: claim,
    step,
    transactionHash: null,
    error: null,
  })

  test('is what main says of this very review, and never that of another', async () => {
    useBridge('touch')
    await askConsent(claim)
    void signConsent()
    await settle()
    expect(stepOf(open(), progress('sending'))).toBe('sending')
    expect(stepOf(open(), progress('confirming'))).toBe('confirming')
    expect(stepOf(open(), progress('sending', 'another'))).toBe('device')
    expect(stepOf(open(), progress('done'))).toBe('confirming')
  })

  test('can be cancelled until it is sent', () => {
    const steps = ['review', 'device', 'sending', 'confirming', 'done', 'failed'] as const
    expect(steps.filter(canStillCancel)).toEqual(['review', 'device'])
  })

  test('that runs in main without a dialog here is left over; one that is over is not', () => {
    expect(isLeftOver({ kind: 'closed' }, progress('device'))).toBe(true)
    expect(isLeftOver({ kind: 'closed' }, progress('done'))).toBe(false)
    expect(isLeftOver({ kind: 'closed' }, progress('review'))).toBe(false)
    expect(isLeftOver({ kind: 'closed' }, null)).toBe(false)
  })
})
