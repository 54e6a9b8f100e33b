import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  amountProblem,
  formatCoin,
  microToWei,
  pagesHoldText,
  readAddress,
  readTokens,
  weiToMicro,
  writeTokens,
} from './tokens.ts'

test('what is written for an amount is read back as that amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n - 1n }), (micro) => {
      expect(readTokens(writeTokens(String(micro)))).toBe(String(micro))
      expect(weiToMicro(microToWei(String(micro)))).toBe(String(micro))
    }),
  )
})

test('amounts that cannot be signed exactly are not read at all, rather than rounded', () => {
  for (const typed of ['', ' ', '-1', '1.', '.5', '1,5', '1.0000001', '1e3', '12 345', '10000000', '0x1'])
    expect(readTokens(typed)).toBeNull()
  expect(readTokens(' 12.5 ')).toBe('12500000')
  expect(readTokens('9999999.999999')).toBe('9999999999999')
})

test('says what is wrong with an amount: none, nothing, more than there is', () => {
  const balanceWei = '2000000500000000000'
  expect(amountProblem('two', balanceWei)).toBe('amountProblem')
  expect(amountProblem('0', balanceWei)).toBe('zero')
  expect(amountProblem('2.000001', balanceWei)).toBe('tooMuch')
  expect(amountProblem('2', balanceWei)).toBeNull()
})

test('an account is read with or without the spaces between its groups, and nothing else is one', () => {
  const account = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
  expect(readAddress('0x 8ba1 f109 551b D432 8030 1264 5Ac1 36dd d64D BA72\n')).toBe(account)
  for (const typed of ['', account.slice(2), account.slice(0, -1), `${account}0`, account.replace('8', 'g')])
    expect(readAddress(typed)).toBeNull()
})

test('pages hold the text when every character is there in order, and a changed, missing or added one is noticed', () => {
  const review = { text: 'Hearth: claim\n12.345678 HRTH\nto 0xabcd' }
  expect(
    pagesHoldText(review, [
      ['Hearth: claim', '12.345678 HRTH', 'to'],
      ['0xab', 'cd'],
    ]),
  ).toBe(true)
  expect(
    pagesHoldText(review, [
      ['Hearth: claim', '12.345678 HRTH', 'to'],
      ['0xab', 'ce'],
    ]),
  ).toBe(false)
  expect(pagesHoldText(review, [['Hearth: claim', '12.345678 HRTH', 'to']])).toBe(false)
  expect(pagesHoldText(review, [['Hearth: claim', '12.345678 HRTH', 'to 0xabcd', '0']])).toBe(false)
})

test('small fees keep their digits, and never show as nothing', () => {
  expect(formatCoin('68000000000')).toBe('0.000000068')
  expect(formatCoin('1999999')).toBe('0.000000000001')
  expect(formatCoin('999999')).toBe('< 0.000000000001')
  expect(formatCoin('0')).toBe('0.00')
  expect(formatCoin('91200000000000000')).toBe('0.0912')
})
