import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import { TransactionTimeoutError } from './errors.ts'
import { untilSettled } from './until-settled.ts'

let test: TestChain

beforeAll(async () => {
  test = await startTestChain()
}, 30_000)
afterAll(() => test?.stop())

it('waits for what an account has sent, at most as long as it may', async () => {
  const { chain, funder } = test
  await untilSettled(chain, funder.address)
  await chain.provider.send('evm_setAutomine', [false])
  await funder.sendTransaction({ to: funder.address, value: 1n, gasLimit: 21_000n })
  await expect(untilSettled(chain, funder.address, { timeoutMs: 600 })).rejects.toBeInstanceOf(TransactionTimeoutError)
  let settled = false
  const waiting = untilSettled(chain, funder.address).then(() => (settled = true))
  await new Promise((done) => setTimeout(done, 400))
  expect(settled).toBe(false)
  await test.mineBlocks(1)
  await waiting
  expect(await chain.provider.getTransactionCount(funder.address, 'latest')).toBeGreaterThan(0)
}, 20_000)
