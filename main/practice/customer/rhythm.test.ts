import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideNext, type CustomerView, type StoredFile } from './rhythm.ts'

const home = `0x${'aa'.repeat(20)}`
const neighbour = `0x${'bb'.repeat(20)}`
const file = (nodes: readonly string[]): StoredFile => ({ manifest: 'm', sha256: '', bytes: 1, nodes })
const calm: CustomerView = {
  nowMs: 1_000_000,
  files: [file([neighbour])],
  homeNodes: [],
  lastPutAtMs: 1_000_000,
  lastGetAtMs: 1_000_000,
  lastTopUpAtMs: 1_000_000,
  lastAuditAtMs: 1_000_000,
}

test('a home without a piece comes first, whatever else is due', () => {
  const act = decideNext({ ...calm, homeNodes: [home], lastPutAtMs: null, lastTopUpAtMs: null }, () => 0)
  expect(act).toMatchObject({ kind: 'put', mustInclude: [home] })
})

test('a home that has a piece, in whatever case its address is written, is not served again at once', () => {
  const files = [file([home.toUpperCase().replace('0X', '0x')])]
  expect(decideNext({ ...calm, files, homeNodes: [home] }, () => 0)).toEqual({ kind: 'wait' })
})

test('every regular file goes to the homes as well', () => {
  const act = decideNext({ ...calm, files: [file([home])], homeNodes: [home], lastPutAtMs: 0 }, () => 0.5)
  expect(act).toMatchObject({ kind: 'put', mustInclude: [home] })
})

test('tops up before it stores more, and reads back when nothing else is due', () => {
  expect(decideNext({ ...calm, lastTopUpAtMs: null, lastPutAtMs: null }, () => 0).kind).toBe('topUp')
  expect(decideNext({ ...calm, lastGetAtMs: null }, () => 0).kind).toBe('get')
})

test('asks its providers for random bytes when nothing else is to be done', () => {
  expect(decideNext({ ...calm, lastAuditAtMs: null }, () => 0)).toEqual({ kind: 'audit' })
  expect(decideNext({ ...calm, lastAuditAtMs: null, files: [] }, () => 0)).toEqual({ kind: 'wait' })
})

test('the number and size of files are bounded whatever the clock says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.nat(),
      fc.double({ min: 0, max: 0.999 }),
      (count, nowMs, random) => {
        const files = Array.from({ length: count }, () => file([home]))
        const act = decideNext({ ...calm, files, nowMs, homeNodes: [home] }, () => random)
        if (act.kind !== 'put') return
        expect(count === 0 || count < 100).toBe(true)
        expect(act.bytes).toBeGreaterThan(0)
        expect(act.bytes).toBeLessThanOrEqual(8 * 1024 * 1024)
      },
    ),
  )
})
