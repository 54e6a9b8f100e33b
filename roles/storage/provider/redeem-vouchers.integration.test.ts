import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTransactionSender,
  encodeLock,
  encodeStartThaw,
  encodeWithdraw,
  readLatestBlock,
  readTiming,
  sendAndWait,
} from '../../../contracts/client/index.ts'
import { boundNode, fundedWallet } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { silentLog } from '../../api/values.ts'
import { openDatabase } from '../../persistence/index.ts'
import { createNodeVoucherStore, openCustomerVoucherBook, voucherMigrations } from '../../vouchers/index.ts'
import { createProblems } from '../../upkeep/problems.ts'
import { storageProblems } from './storage-problems.ts'
import { redeemVouchers, type RedeemParts } from './redeem-vouchers.ts'

const directory = mkdtempSync(join(tmpdir(), 'hearth-redeem-'))
const timeoutMs = 20_000
let test: TestChain

beforeAll(async () => {
  test = await startTestChain()
}, 60_000)

afterAll(async () => {
  await test?.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** A node that holds one voucher of a customer with a lock; `amountWei` was served for it. */
async function nodeWithVoucher(name: string, amountWei: bigint) {
  const { node } = await boundNode(test)
  const customer = await fundedWallet(test, parseEther('100'))
  const lock = encodeLock(test.network, { nodes: [node.address], amountsWei: [parseEther('10')] })
  await sendAndWait(customer, lock, { timeoutMs })
  const database = openDatabase(join(directory, `${name}.sqlite`), voucherMigrations)
  const vouchers = createNodeVoucherStore(database, test.network, node.address)
  const book = openCustomerVoucherBook({ path: join(directory, name), network: test.network, wallet: customer })
  const { timestampSeconds } = await readLatestBlock(test.chain)
  const voucher = await book.pay(node.address, amountWei)
  const served = { customer: customer.address, lengthBytes: 1, priceWei: amountWei, lockedWei: parseEther('10') }
  vouchers.charge({ ...served, voucher, nowSeconds: timestampSeconds, creditBytes: 0 })
  const sender = createTransactionSender(test.chain, await fundedWallet(test))
  const problems = createProblems({ emit: () => undefined, changed: () => undefined }, storageProblems)
  const submit: RedeemParts['context']['submit'] = async ({ to, data }) => {
    const receipt = await sender.send({ to, data }, { timeoutMs })
    return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
  }
  const context = { submit, emit: () => undefined, changed: () => undefined, log: silentLog }
  const signal = new AbortController().signal
  const parts: RedeemParts = { chain: test.chain, node: node.address, vouchers, problems, context, signal }
  const redeem = async () => redeemVouchers(parts, (await readLatestBlock(test.chain)).timestampSeconds)
  const close = (): void => {
    sender.close()
    book.close()
    database.close()
  }
  return { node, customer, vouchers, problems, redeem, close }
}

const thaw = (customer: Wallet, node: string) =>
  sendAndWait(customer, encodeStartThaw(test.network, { node, amountWei: parseEther('10') }), { timeoutMs })

describe('a node with vouchers', () => {
  it('2.2 redeems a small one only when its customer begins to thaw the lock', async () => {
    const { gasPrice } = await test.chain.provider.getFeeData()
    const feeWei = ((gasPrice ?? 1n) * 120_000n * 10n ** 18n) / BigInt(test.network.nativeWeiPerToken)
    const open = await nodeWithVoucher('small', 4n * feeWei)
    await open.redeem()
    expect(open.vouchers.unredeemedWei()).toBe(4n * feeWei)
    await thaw(open.customer, open.node.address)
    await open.redeem()
    expect(open.vouchers.unredeemedWei()).toBe(0n)
    expect(open.problems.list()).toEqual([])
    open.close()
  }, 60_000)

  it('2.1 that sleeps through a thaw bears the loss and is told', async () => {
    const open = await nodeWithVoucher('asleep', parseEther('3'))
    await thaw(open.customer, open.node.address)
    await test.passSeconds((await readTiming(test.chain)).thawSeconds + 1)
    await sendAndWait(open.customer, encodeWithdraw(test.network, { node: open.node.address }), { timeoutMs })
    await open.redeem()
    expect(open.vouchers.unredeemedWei()).toBe(parseEther('3'))
    expect(open.problems.list()).toMatchObject([{ code: 'DOWNLOADS_UNPAID' }])
    expect(open.problems.list()[0]!.message).toContain('3.0 tokens')
    open.close()
  }, 60_000)
})
