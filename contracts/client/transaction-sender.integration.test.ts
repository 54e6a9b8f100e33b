import { Wallet } from 'ethers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fundedWallet } from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import { ChainCancelledError, ContractCallError, GasAccountEmptyError, TransactionTimeoutError } from './errors.ts'
import { createTransactionSender, encodeOpenSeed, encodeTransfer, openChain, readLatestBlock } from './index.ts'

let test: TestChain

beforeEach(async () => {
  test = await startTestChain()
}, 30_000)

afterEach(async () => test.stop())

function plainCall(to: string, value = 1n) {
  return { to, data: '0x', value }
}

describe('a sender', () => {
  it('numbers many calls at once without waiting for receipts', async () => {
    const wallet = await fundedWallet(test)
    const sender = createTransactionSender(test.chain, wallet)
    const target = Wallet.createRandom().address
    const receipts = await Promise.all(Array.from({ length: 20 }, () => sender.send(plainCall(target))))
    expect(new Set(receipts.map(({ hash }) => hash)).size).toBe(20)
    expect(await test.chain.provider.getBalance(target)).toBe(20n)
    sender.close()
  })

  it('spends no number on a call that the contract refuses', async () => {
    const wallet = await fundedWallet(test)
    const sender = createTransactionSender(test.chain, wallet)
    const { timestampSeconds } = await readLatestBlock(test.chain)
    const early = encodeOpenSeed(test.network, { slot: timestampSeconds })
    await expect(sender.send(early)).rejects.toBeInstanceOf(ContractCallError)
    expect(await test.chain.provider.getTransactionCount(wallet.address)).toBe(0)
    await sender.send(plainCall(wallet.address))
    sender.close()
  })

  it('gets by when another process uses the same key', async () => {
    const wallet = await fundedWallet(test)
    const first = createTransactionSender(test.chain, wallet)
    const second = createTransactionSender(test.chain, wallet)
    await first.send(plainCall(wallet.address))
    await second.send(plainCall(wallet.address))
    await second.send(plainCall(wallet.address))
    await first.send(plainCall(wallet.address))
    expect(await test.chain.provider.getTransactionCount(wallet.address)).toBe(4)
    first.close()
    second.close()
  })

  it('sends again what the chain dropped', async () => {
    const wallet = await fundedWallet(test)
    const sender = createTransactionSender(test.chain, wallet)
    const { provider } = test.chain
    await provider.send('evm_setAutomine', [false])
    const target = Wallet.createRandom().address
    const sending = sender.send(plainCall(target))
    await expect.poll(() => provider.getTransactionCount(wallet.address, 'pending'), { timeout: 5_000 }).toBe(1)
    await provider.send('anvil_dropAllTransactions', [])
    await expect.poll(() => provider.getTransactionCount(wallet.address, 'pending'), { timeout: 8_000 }).toBe(1)
    await provider.send('evm_mine', [])
    expect((await sending).status).toBe(1)
    sender.close()
  })

  it('counts anew when the chain is older than what it sent', async () => {
    const wallet = await fundedWallet(test)
    const sender = createTransactionSender(test.chain, wallet)
    const { provider } = test.chain
    const saved = await provider.send('evm_snapshot', [])
    for (let i = 0; i < 3; i++) await sender.send(plainCall(wallet.address))
    await provider.send('evm_setAutomine', [false])
    const target = Wallet.createRandom().address
    const sending = sender.send(plainCall(target))
    await expect.poll(() => provider.getTransactionCount(wallet.address, 'pending'), { timeout: 5_000 }).toBe(4)
    await provider.send('anvil_dropAllTransactions', [])
    await provider.send('evm_revert', [saved])
    await provider.send('evm_setAutomine', [true])
    expect((await sending).status).toBe(1)
    expect(await provider.getTransactionCount(wallet.address)).toBe(1)
    sender.close()
  })

  it('says so when the account cannot pay', async () => {
    const poor = new Wallet(Wallet.createRandom().privateKey, test.chain.provider)
    const sender = createTransactionSender(test.chain, poor)
    const call = encodeTransfer(test.network, { to: poor.address, amountWei: 0n })
    await expect(sender.send(call)).rejects.toBeInstanceOf(GasAccountEmptyError)
    sender.close()
  })

  it('ends in time when the chain is away, and at once when told', async () => {
    const wallet = await fundedWallet(test)
    const nowhere = openChain({ ...test.network, rpcUrls: ['http://127.0.0.1:9'] })
    const sender = createTransactionSender(nowhere, wallet)
    const call = plainCall(wallet.address)
    await expect(sender.send(call, { timeoutMs: 700 })).rejects.toBeInstanceOf(TransactionTimeoutError)
    const waiting = sender.send(call)
    sender.close()
    await expect(waiting).rejects.toBeInstanceOf(ChainCancelledError)
    nowhere.close()
  })

  it('asks the next server when one cannot be reached', async () => {
    const chain = openChain({ ...test.network, rpcUrls: ['http://127.0.0.1:9', ...test.network.rpcUrls] })
    expect((await readLatestBlock(chain)).number).toBeGreaterThan(0)
    chain.close()
  })
})
