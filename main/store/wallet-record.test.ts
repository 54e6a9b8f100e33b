import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { confirmedPayoutOf, openWalletRecord, withConfirmedPayout } from './wallet-record.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-wallet-record-'))
  path = join(directory, 'wallet.json')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const operator = `0x${'Ab'.repeat(20)}`
const to = `0x${'11'.repeat(20)}`

test('begins with nothing, and keeps what a device confirmed for each operator, whatever the case of his address', async () => {
  expect(await openWalletRecord(path).read()).toMatchObject({ choice: null, account: null, operator: null })
  await openWalletRecord(path).update((record) => withConfirmedPayout(record, operator, { current: to, next: null }))
  const record = await openWalletRecord(path).read()
  expect(confirmedPayoutOf(record, operator.toLowerCase())).toEqual({ current: to, next: null })
  expect(confirmedPayoutOf(record, to)).toEqual({ current: null, next: null })
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('two writers at once lose nothing', async () => {
  const [one, two] = [openWalletRecord(path), openWalletRecord(path)]
  const accounts = Array.from({ length: 8 }, (_, index) => `0x${String(index).repeat(40)}`)
  await Promise.all(
    accounts.map((account, index) =>
      (index % 2 === 0 ? one : two).update((record) =>
        withConfirmedPayout(record, account, { current: account, next: null }),
      ),
    ),
  )
  expect(Object.keys((await one.read()).payouts).sort()).toEqual([...accounts].sort())
})

test('a file that cannot be understood is reported and never overwritten', async () => {
  writeFileSync(path, '{"formatVersion":2}')
  const store = openWalletRecord(path)
  await expect(store.read()).rejects.toMatchObject({ code: 'WALLET_RECORD_INVALID' })
  await expect(store.update((record) => record)).rejects.toMatchObject({ code: 'WALLET_RECORD_INVALID' })
  expect(readFileSync(path, 'utf8')).toBe('{"formatVersion":2}')
})
