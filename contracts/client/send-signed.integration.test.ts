import type { TransactionRequest, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fundedWallet, newWallet } from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import {
  AccountEmptyError,
  ChainCancelledError,
  ContractCallError,
  TransactionReplacedError,
  TransactionTimeoutError,
} from './errors.ts'
import { encodeOpenSeed, openChain, readLatestBlock, sendSigned } from './index.ts'

let test: TestChain

beforeAll(async () => {
  test = await startTestChain()
}, 60_000)

afterAll(async () => test.stop())

/** What a device gives back: it is signed, and nobody can change it any more. */
async function sign(wallet: Wallet, change: TransactionRequest = {}): Promise<string> {
  const { provider, network } = test.chain
  const nonce = await provider.getTransactionCount(wallet.address)
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, gasLimit: 100_000n }
  const { chainId } = network
  return wallet.signTransaction({ type: 2, chainId, nonce, to: wallet.address, value: 0n, ...fees, ...change })
}

describe('a transaction that was signed elsewhere', () => {
  it('is sent, told of once, and mined; asked again, the same receipt comes and nothing is sent twice', async () => {
    const wallet = await fundedWallet(test)
    const raw = await sign(wallet)
    const told: string[] = []
    const first = await sendSigned(test.chain, raw, { onSent: (hash) => told.push(hash) })
    expect(told).toEqual([first.hash])
    expect((await sendSigned(test.chain, raw)).hash).toBe(first.hash)
    expect(await test.chain.provider.getTransactionCount(wallet.address)).toBe(1)
  })

  it('dropped by the chain: is sent again as it is', async () => {
    const wallet = await fundedWallet(test)
    const { provider } = test.chain
    await provider.send('evm_setAutomine', [false])
    const raw = await sign(wallet)
    const sending = sendSigned(test.chain, raw)
    const pending = () => provider.getTransactionCount(wallet.address, 'pending')
    await expect.poll(pending, { timeout: 5_000 }).toBe(1)
    await provider.send('anvil_dropAllTransactions', [])
    await expect.poll(pending, { timeout: 5_000 }).toBe(1)
    await provider.send('evm_setAutomine', [true])
    await provider.send('evm_mine', [])
    expect((await sending).status).toBe(1)
  })

  it('replaced by another one of its account: is given up, since it never can be mined', async () => {
    const wallet = await fundedWallet(test)
    const raw = await sign(wallet)
    await wallet.sendTransaction({ to: wallet.address })
    await expect(sendSigned(test.chain, raw)).rejects.toBeInstanceOf(TransactionReplacedError)
  })

  it('that the contract would refuse costs nothing', async () => {
    const wallet = await fundedWallet(test)
    const before = await test.chain.provider.getBalance(wallet.address)
    const { timestampSeconds } = await readLatestBlock(test.chain)
    const { to, data } = encodeOpenSeed(test.network, { slot: timestampSeconds })
    await expect(sendSigned(test.chain, await sign(wallet, { to, data }))).rejects.toBeInstanceOf(ContractCallError)
    expect(await test.chain.provider.getBalance(wallet.address)).toBe(before)
  })

  it('that failed when it was mined tells the reason of the contract', async () => {
    const wallet = await fundedWallet(test)
    const { timestampSeconds } = await readLatestBlock(test.chain)
    const { to, data } = encodeOpenSeed(test.network, { slot: timestampSeconds })
    const raw = await sign(wallet, { to, data })
    await test.chain.provider.broadcastTransaction(raw)
    await expect(sendSigned(test.chain, raw)).rejects.toBeInstanceOf(ContractCallError)
  })

  it('of an account that cannot pay says so', async () => {
    const raw = await sign(newWallet(test))
    await expect(sendSigned(test.chain, raw)).rejects.toBeInstanceOf(AccountEmptyError)
  })

  it('ends in time when the chain is away, and at once when told', async () => {
    const nowhere = openChain({ ...test.network, rpcUrls: ['http://127.0.0.1:9'] })
    const raw = await sign(await fundedWallet(test))
    await expect(sendSigned(nowhere, raw, { timeoutMs: 500 })).rejects.toBeInstanceOf(TransactionTimeoutError)
    const stop = new AbortController()
    const waiting = sendSigned(nowhere, raw, { signal: stop.signal })
    stop.abort()
    await expect(waiting).rejects.toBeInstanceOf(ChainCancelledError)
    nowhere.close()
  })

  it('without a signature is a fault of the caller', async () => {
    const unsigned = '0xe9808504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080'
    await expect(sendSigned(test.chain, unsigned)).rejects.toBeInstanceOf(RangeError)
  })
})
