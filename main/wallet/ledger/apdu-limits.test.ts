import { expect, test } from 'vitest'
import { deviceLimits, limitOf, waitOf } from './apdu-limits.ts'

const path = '058000002c8000003c800000000000000000000000'
const apdu = (header: string, data: string) =>
  Buffer.from(`${header}${(data.length / 2).toString(16).padStart(2, '0')}${data}`, 'hex')

test.each([
  ['which app', 'b0010000', '', 'nobody'],
  ['its settings', 'e0060000', '', 'nobody'],
  ['an account', 'e0020000', path, 'nobody'],
  ['an account to be shown', 'e0020100', path, 'person'],
  ['a whole text', 'e0080000', `${path}00000002aabb`, 'person'],
  ['the first part of a text', 'e0080000', `${path}00000004aabb`, 'firstPart'],
  ['a transaction', 'e0040000', `${path}c0`, 'person'],
  ['typed data', 'e00c0000', path, 'person'],
  ['a text without a length', 'e0080000', path, 'person'],
  ['nothing', '', '', 'nobody'],
] as const)('the answer to %s waits for %s', (_name, header, data, expected) => {
  expect(waitOf(header === '' ? Buffer.alloc(0) : apdu(header, data))).toBe(expected)
})

test('a later part of a text may wait for the person: a device shows 255 characters before it takes more', () => {
  expect(waitOf(apdu('e0088000', 'aabb'))).toBe('person')
})

test('on the first Nano S the first part may wait too: it shows 99 characters before it takes more', () => {
  expect(waitOf(apdu('e0080000', `${path}00000004aabb`), true)).toBe('person')
})

test('a person has longer than a device', () => {
  expect(limitOf('person', deviceLimits)).toBe(300_000)
  expect(limitOf('nobody', deviceLimits)).toBe(60_000)
  expect(limitOf('firstPart', deviceLimits)).toBeLessThan(60_000)
})
