import { randomBytes } from 'node:crypto'
import { Transaction } from 'ethers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReview, screenThat } from '../testing/practice-device.ts'
import { rlpLength } from './rlp-length.ts'
import { createPracticeLedger, pressAlways, seededKeys } from './index.ts'

const path = '058000002c8000003c800000000000000000000000'
const otherApp = '058000002c80000000800000000000000000000000'
const apdu = (header: string, data = '') =>
  Buffer.from(`${header}${(data.length / 2).toString(16).padStart(2, '0')}${data}`, 'hex')
const shortText = apdu('e0080000', `${path}00000004${Buffer.from('test').toString('hex')}`)
const hashes = 'ab'.repeat(64)
const contractCall = Transaction.from({
  ...{ type: 2, chainId: 31_337, to: `0x${'7'.repeat(40)}`, data: '0x12345678' },
  ...{ gasLimit: 90_000n, maxFeePerGas: 10n, maxPriorityFeePerGas: 1n },
}).unsignedSerialized.slice(2)

const create = (model: 'touch' | 'twoButton' = 'touch') =>
  createPracticeLedger({ keys: seededKeys(randomBytes(32)), model })
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the practice Ledger', () => {
  test.each([
    ['an unknown class', 'a0000000', '', '6e00'],
    ['an unknown instruction', 'e0990000', '', '6d00'],
    ['an unknown instruction of the system', 'b0050000', '', '6d00'],
    ['a path of another app', 'e0020000', otherApp, '6a15'],
    ['a text at a path of another app', 'e0080000', `${otherApp}0000000174`, '6a15'],
    ['a path that is cut off', 'e0020000', '0580', '6a80'],
    ['no path', 'e0080000', '', '6a80'],
    ['a wrong parameter', 'e0020200', path, '6b00'],
    ['the second part of nothing', 'e0088000', 'aabb', '6a80'],
    ['a text that is longer than it said', 'e0080000', `${path}0000000174747474`, '6a80'],
    ['a text of a gigabyte', 'e0080000', `${path}4000000074`, '6a80'],
    ['a transaction that is none', 'e0040000', `${path}c3010203`, '6a80'],
    ['half a hash', 'e00c0000', `${path}aabb`, '6a80'],
  ])('answers %s as the real app does', async (_name, header, data, status) => {
    expect(hex(await create().exchange(apdu(header, data)))).toBe(status)
  })

  test.each(['e0080000ff00', '', 'e0', 'e0080000'])(
    'a command of the wrong length (%s) is no question',
    async (bytes) => {
      const ledger = create()
      expect(['6700', '6a80']).toContain(hex(await ledger.exchange(Buffer.from(bytes, 'hex'))))
      expect(isReview(ledger.screen())).toBe(false)
    },
  )

  test('refuses typed data and contract calls at once while blind signing is off, and says why on its screen', async () => {
    const typed = [apdu('e00c0000', path + hashes), apdu('e01a0000', '4d61696c'), apdu('e00c0001', path)]
    for (const command of [...typed, apdu('e0040000', path + contractCall)]) {
      const ledger = create()
      expect(hex(await ledger.exchange(command))).toBe('6a80')
      expect(ledger.screen().lines.join(' ')).toContain('cannot be clear-signed')
      expect(ledger.press('back')).toBe(true)
      expect(ledger.screen().lines.join(' ')).toContain('is ready')
    }
  })

  test('shows typed data as hashes behind a warning once blind signing is on', async () => {
    const ledger = create()
    ledger.setBlindSigning(true)
    expect(hex(await ledger.exchange(apdu('e0060000')))).toBe('030116009000')
    const answer = ledger.exchange(apdu('e00c0000', path + hashes))
    expect((await screenThat(ledger, isReview)).lines[0]).toBe('Blind signing ahead')
    pressAlways(ledger, 'approve')
    expect((await answer).length).toBe(67)
  })

  test('a client that goes away leaves its question; a second one waits for the decision, quiet calls do not', async () => {
    const ledger = create()
    const leaving = new AbortController()
    const left = ledger.exchange(shortText, { signal: leaving.signal })
    await screenThat(ledger, isReview)
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    let answered = false
    const second = ledger.exchange(shortText).finally(() => (answered = true))
    expect(hex(await ledger.exchange(apdu('e0020000', path))).endsWith('9000')).toBe(true)
    expect(hex(await ledger.exchange(apdu('b0010000'))).endsWith('9000')).toBe(true)
    expect(answered).toBe(false)
    ledger.press('reject')
    await screenThat(ledger, isReview)
    ledger.press('reject')
    expect(hex(await second)).toBe('6985')
  })

  test('tells of every press once', async () => {
    const ledger = create()
    const answer = ledger.exchange(shortText)
    await screenThat(ledger, isReview)
    const pages: number[] = []
    ledger.onChange(({ page }) => pages.push(page))
    for (const button of ['next', 'back', 'next'] as const) ledger.press(button)
    expect(ledger.press('left')).toBe(false)
    expect(pages).toEqual([2, 1, 2])
    ledger.press('confirm')
    expect((await answer).length).toBe(67)
  })

  test('of many that wait at once each gets an answer of its own, one question at a time', async () => {
    const ledger = create('twoButton')
    let questions = 0
    ledger.onChange(({ page, pages }) => (questions += page === 1 && pages > 1 ? 1 : 0))
    const answers = Promise.all(Array.from({ length: 6 }, () => ledger.exchange(shortText)))
    pressAlways(ledger, 'approve')
    expect(new Set((await answers).map(hex)).size).toBe(1)
    expect(questions).toBe(6)
  })

  test('who waits and goes away is never asked about', async () => {
    const ledger = create()
    const first = ledger.exchange(shortText)
    await screenThat(ledger, isReview)
    const leaving = new AbortController()
    const second = ledger.exchange(shortText, { signal: leaving.signal })
    leaving.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    ledger.press('reject')
    expect(hex(await first)).toBe('6985')
    await new Promise((resolve) => setImmediate(resolve))
    expect(isReview(ledger.screen())).toBe(false)
  })

  test('locked it answers nothing else, and its question waits', async () => {
    const ledger = create()
    const answer = ledger.exchange(shortText)
    await screenThat(ledger, isReview)
    ledger.setLocked(true)
    expect(hex(await ledger.exchange(apdu('b0010000')))).toBe('5515')
    expect(ledger.press('reject')).toBe(false)
    ledger.setLocked(false)
    expect(ledger.press('reject')).toBe(true)
    expect(hex(await answer)).toBe('6985')
  })

  test('no bytes at all make it sign without a question or break it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 260 }), async (bytes) => {
        const ledger = create()
        const gone = new AbortController()
        const answer = ledger.exchange(bytes, { signal: gone.signal }).catch(() => null)
        await new Promise((resolve) => setImmediate(resolve))
        if (isReview(ledger.screen())) gone.abort(new Error('gone'))
        expect((await answer)?.length ?? 2).toBeGreaterThanOrEqual(2)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['c0', 1],
  ['c3010203', 4],
  ['f7', 56],
  ['f838', 58],
  ['f90100', 259],
  ['f9', null],
  ['80', null],
  ['', null],
  ['ff00000000000000ff', null],
])('the list %s is %s bytes long', (bytes, length) => {
  expect(rlpLength(Buffer.from(bytes, 'hex'))).toBe(length)
})
