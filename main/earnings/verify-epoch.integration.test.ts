import { hexlify, parseEther, randomBytes } from 'ethers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeFinalizeEpoch,
  encodeLock,
  encodeRedeem,
  epochOf,
  readEpochClock,
  readEpochFinalized,
  readLatestBlock,
  sendAndWait,
  voucherTypedData,
} from '../../contracts/client/index.ts'
import { boundNode, fundedWallet, signTyped } from '../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { verifyEpoch } from './verify-epoch.ts'

const options = { timeoutMs: 20_000 }
let chainUnderTest: TestChain

beforeAll(async () => {
  chainUnderTest = await startTestChain()
}, 60_000)
afterAll(() => chainUnderTest.stop())

test('random histories of payments give shares that the contract has to the wei', async () => {
  const { chain, network, funder } = chainUnderTest
  const clock = await readEpochClock(chain)
  const customer = await fundedWallet(chainUnderTest, parseEther('50000000'))
  const nodes = [await boundNode(chainUnderTest), await boundNode(chainUnderTest), await boundNode(chainUnderTest)].map(
    ({ node }) => node,
  )
  const nodesOf = nodes.map((node) => node.address)
  const amountsWei = nodes.map(() => parseEther('10000000'))
  await sendAndWait(customer, encodeLock(network, { nodes: nodesOf, amountsWei }), options)
  const pay = async (to: number, amountWei: bigint) => {
    const node = nodes[to]!.address
    const lane = hexlify(randomBytes(32))
    const voucher = { customer: customer.address, node, lane, cumulativeWei: amountWei, expirySeconds: 4_000_000_000 }
    const signature = await signTyped(customer, voucherTypedData(network, voucher))
    await sendAndWait(funder, encodeRedeem(network, { voucher, signature }), options)
  }
  const amount = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 11n }), fc.bigInt({ min: 1n, max: 10n ** 24n }))
  const payments = fc.array(fc.tuple(fc.nat({ max: 2 }), amount), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(payments, { minLength: 1, maxLength: 3 }), async (history) => {
      const epochs: number[] = []
      for (const ofEpoch of history) {
        await chainUnderTest.passSeconds(clock.epochSeconds)
        epochs.push(epochOf((await readLatestBlock(chain)).timestampSeconds, clock))
        for (const [to, amountWei] of ofEpoch) await pay(to, amountWei)
      }
      await chainUnderTest.passSeconds(clock.epochSeconds)
      for (const epoch of epochs) {
        const verdict = await verifyEpoch({ chain, epoch })
        expect(
          verdict.equal,
          JSON.stringify(verdict, (_, value) => String(value)),
        ).toBe(true)
        expect(verdict.shares.length).toBeGreaterThan(0)
      }
    }),
    { numRuns: 6 },
  )
}, 120_000)

test('anyone finalizes an epoch that is over, once', async () => {
  const { chain, network, funder } = chainUnderTest
  await sendAndWait(funder, encodeFinalizeEpoch(network, { epoch: 1 }), options)
  await sendAndWait(funder, encodeFinalizeEpoch(network, { epoch: 1 }), options)
  expect(await readEpochFinalized(chain, 1)).toBe(true)
  expect(await readEpochFinalized(chain, 999_999)).toBe(false)
}, 60_000)
