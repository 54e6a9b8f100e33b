import { expect, test } from 'vitest'
import { describeActivity } from './activity.ts'

test('everything that the wallet tells has a sentence with its values in words', () => {
  const to = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  const effectiveAtMs = Date.UTC(2026, 2, 4, 12)
  const values = {
    effectiveAtMs,
    amountWei: '1500000000000000000',
    to,
    operator: to,
    role: 'render',
    kind: 'claim',
    message: 'no gas',
  }
  const said = (code: string): string => describeActivity({ code, values })
  expect(said('claimed')).toBe(`You claimed 1.50. They went to ${to}.`)
  expect(said('transferred')).toContain(to)
  expect(said('staked')).toContain('1.50')
  expect(said('unstakeAsked')).toContain('1.50')
  expect(said('keyRevoked')).toContain('the rendering key')
  expect(said('payoutAnnounced')).toContain(to)
  expect(said('payoutChangeWaiting')).toMatch(/until March 4, 2026/)
  expect(said('payoutChangeStrange')).toContain('cancel it on the Wallet page now')
  expect(said('payoutChanged')).toContain(to)
  expect(said('payoutCancelled')).toContain('cancelled')
  expect(said('operatorChanged')).toContain(to)
  expect(said('reviewTampered')).toContain('Nothing was signed.')
  expect(said('signedNotLanded')).toContain('no gas')
})

test('an entry that is newer than the window shows by its code', () => {
  expect(describeActivity({ code: 'fullMoon', values: {} })).toContain('fullMoon')
})
