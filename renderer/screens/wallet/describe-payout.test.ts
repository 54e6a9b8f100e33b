import { expect, test } from 'vitest'
import { fakeOperator, fakeStranger } from '../../bridge/fake-wallet.ts'
import { describePayout } from './describe-payout.ts'

const payout = { address: fakeOperator, confirmedAddress: fakeOperator, pending: null, differs: false }

test('says whose account it is and whether the device confirmed it, whatever the casing', () => {
  expect(describePayout(payout, fakeOperator.toLowerCase())).toBe(
    'This is your own account. Your device has confirmed this account.',
  )
  expect(describePayout({ ...payout, confirmedAddress: null }, fakeOperator)).toContain('No device has confirmed')
  expect(describePayout({ ...payout, address: fakeStranger, confirmedAddress: fakeStranger }, fakeOperator)).toBe(
    'Your device has confirmed this account.',
  )
})

test('says nothing reassuring about an account that differs', () => {
  expect(describePayout({ ...payout, address: fakeStranger, differs: true }, fakeStranger)).toBe('')
})
