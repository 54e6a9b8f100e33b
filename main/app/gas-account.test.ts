import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ZeroHash } from 'ethers'
import type { TransactionReceipt } from 'ethers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  encodeApprove,
  encodeCaptureSeed,
  encodeOpenSeed,
  encodeSettle,
  encodeTransfer,
} from '../../contracts/client/index.ts'
import type { ChainCall, NetworkFile } from '../../contracts/client/index.ts'
import { submitRequestSchema } from '../../roles/api/messages.ts'
import type { SubmitRequest } from '../../roles/api/messages.ts'
import { openGasLedger } from '../store/index.ts'
import { createWorkSubmitter, isFloatLow, proofsPaidBy } from './gas-account.ts'
import { assertWorkCall } from './work-calls.ts'

const address = (digit: string) => `0x${digit.repeat(40)}`
const network = {
  chainId: 7,
  contracts: {
    HearthToken: address('1'),
    Registry: address('2'),
    Seeds: address('3'),
    Payments: address('4'),
    StorageMarket: address('5'),
    Stewardship: address('6'),
    RepairFund: address('7'),
    Rewards: address('8'),
    RenderPool: address('9'),
    RenderMarket: address('a'),
    RenderPanel: address('b'),
    EnergyCertificates: address('c'),
    EnergyMarket: address('d'),
  },
} as NetworkFile
const request = (purpose: SubmitRequest['purpose'], { to, data }: ChainCall): SubmitRequest => ({ purpose, to, data })
const open = encodeOpenSeed(network, { slot: 3 })
const settle = encodeSettle(network, { customer: address('a'), node: address('b') })

describe('what the gas account sends for a worker', () => {
  test('is every call that serves its purpose', () => {
    for (const ask of [
      request('seedOpen', open),
      request('seedCapture', encodeCaptureSeed(network, { slot: 3 })),
      request('storageSettle', settle),
    ]) {
      expect(() => assertWorkCall(submitRequestSchema.parse(ask), network)).not.toThrow()
    }
  })

  test.each([
    ['a call for another purpose', request('seedOpen', settle)],
    ['another function of the same contract', request('seedOpen', encodeCaptureSeed(network, { slot: 3 }))],
    ['a call to a foreign contract', request('seedOpen', { ...open, to: address('9') })],
    ['a token transfer', request('voucherRedeem', encodeTransfer(network, { to: address('9'), amountWei: 1n }))],
    ['an approval', request('storageProof', encodeApprove(network, { spender: address('9') }))],
    ['no data at all', request('seedOpen', { to: network.contracts.Seeds, data: '0x' })],
  ])('is never %s', (_attack, ask) => {
    expect(() => assertWorkCall(ask, network)).toThrow(expect.objectContaining({ code: 'SUBMIT_REFUSED' }))
  })
})

describe('the daily bound', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hearth-gas-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('stops a worker that submits without end, also after a restart', async () => {
    let sent = 0
    const sender = {
      send: async () => {
        sent++
        const hash = `0x${sent.toString(16).padStart(64, '0')}`
        return { hash, blockNumber: sent, gasUsed: 21_000n, fee: 30n, status: 1 } as TransactionReceipt
      },
    }
    const path = join(directory, 'gas.sqlite')
    const submitter = () => {
      const ledger = openGasLedger(path)
      return { ledger, submit: createWorkSubmitter({ network, sender, ledger, dailyLimitWei: () => 100n }) }
    }
    const first = submitter()
    for (let index = 0; index < 4; index++) await first.submit(request('seedOpen', open))
    await expect(first.submit(request('seedOpen', open))).rejects.toMatchObject({ code: 'DAILY_SPEND_REACHED' })
    first.ledger.close()
    const second = submitter()
    await expect(second.submit(request('seedOpen', open))).rejects.toMatchObject({ code: 'DAILY_SPEND_REACHED' })
    expect(sent).toBe(4)
    second.ledger.close()
  })

  test('a refused call reaches neither sender nor ledger', async () => {
    const ledger = openGasLedger(join(directory, 'gas.sqlite'))
    const sender = { send: () => Promise.reject(new Error(`never sent ${ZeroHash}`)) }
    const submit = createWorkSubmitter({ network, sender, ledger, dailyLimitWei: () => null })
    await expect(submit(request('seedOpen', settle))).rejects.toMatchObject({ code: 'SUBMIT_REFUSED' })
    expect(ledger.spentSinceWei(0)).toBe(0n)
    ledger.close()
  })
})

test('the float is low when it pays for fewer than twenty proofs', () => {
  expect(isFloatLow(proofsPaidBy(250_000n * 20n * 7n, 7n))).toBe(false)
  expect(isFloatLow(proofsPaidBy(250_000n * 20n * 7n - 1n, 7n))).toBe(true)
  expect(proofsPaidBy(250_000n * 33n * 7n + 1n, 7n)).toBe(33)
  expect(isFloatLow(proofsPaidBy(0n, 0n))).toBe(false)
})
