import { expect, test } from 'vitest'
import { fakeDeviceStates, fakeReview } from '../../bridge/fake-wallet.ts'
import { pagesHoldText } from '../../format/tokens.ts'
import { describeWarning } from './describe-warning.ts'
import { modelOf } from './device-pages.tsx'
import { stateOfStep } from './steps.tsx'

const currency = { symbol: 'PLAY', practice: true }
const steps = ['review', 'device', 'sending', 'confirming', 'done'] as const

test('steps before the present one are done, those after it are to come', () => {
  expect(steps.map((name) => stateOfStep(name, 'sending'))).toEqual(['done', 'done', 'now', 'later', 'later'])
  expect(steps.map((name) => stateOfStep(name, 'done'))).toEqual(steps.map(() => 'done'))
  expect(steps.map((name) => stateOfStep(name, 'failed'))).toEqual(['now', 'later', 'later', 'later', 'later'])
})

test('every warning of main has a sentence with its values filled in', () => {
  const warnings: readonly { code: string; values: Record<string, string | number> }[] = [
    { code: 'payoutDiffers', values: { payout: '0xaa', confirmed: '0xbb' } },
    { code: 'payoutChangeStrange', values: { to: '0xaa' } },
    { code: 'clockOff', values: { minutes: 14 } },
    { code: 'gasDear', values: { percent: 31 } },
  ]
  for (const warning of warnings) {
    const words = describeWarning(warning, currency)
    expect(words).not.toContain(warning.code)
    for (const value of Object.values(warning.values)) expect(words).toContain(String(value))
  }
})

test('a warning that is newer than the window, or lacks a value, still shows by its code', () => {
  expect(describeWarning({ code: 'fullMoon', values: {} }, currency)).toContain('fullMoon')
  expect(describeWarning({ code: 'gasDear', values: {} }, currency)).toContain('gasDear')
})

test('the pages follow the practice Ledger; of a real device only the person knows the screen', () => {
  expect(modelOf({ kind: 'practiceLedger', model: 'twoButton' })).toBe('twoButton')
  expect(modelOf({ kind: 'usb' })).toBeNull()
})

test('made-up reviews hold together, so that screens are looked at as they would be', () => {
  const review = fakeReview('one', { kind: 'claim', micro: '12345678' }, 0)
  expect(review.text).toContain('12.345678 PLAY')
  expect(pagesHoldText(review, review.touchPages)).toBe(true)
  expect(pagesHoldText(review, review.twoButtonPages)).toBe(true)
  expect(fakeDeviceStates.length).toBeGreaterThan(10)
})
