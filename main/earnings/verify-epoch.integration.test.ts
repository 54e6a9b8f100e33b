import { hexlify, parseEther, randomBytes, type Wallet } from 'ethers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeFinalizeEpoch,
  encodeLock,
  encodeRedeem,
  epochOf,
  interfaces,
  readEpochClock,
  readEpochFinalized,
  readLatestBlock,
  readOperatorEarnings,
  sendAndWait,
  voucherTypedData,
} from '../../contracts/client/index.ts'
import { parameters } from '../../contracts/script/parameters.ts'
import { boundNode, fundedWallet, signTyped } from '../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { verifyEpoch } from './verify-epoch.ts'

const options = { timeoutMs: 20_000 }
let chainUnderTest: TestChain

beforeAll(async () => {
  chainUnderTest = await startTestChain()
}, 60_000)
afterAll(() => chainUnderTest.stop())

async function pay(customer: Wallet, node: string, amountWei: bigint): Promise<void> {
  const { network, funder } = chainUnderTest
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: customer.address, node, lane, cumulativeWei: amountWei, expirySeconds: 4_000_000_000 }
  const signature = await signTyped(customer, voucherTypedData(network, voucher))
  await sendAndWait(funder, encodeRedeem(network, { voucher, signature }), options)
}

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
  const amount = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 11n }), fc.bigInt({ min: 1n, max: 10n ** 24n }))
  const payments = fc.array(fc.tuple(fc.nat({ max: 2 }), amount), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(payments, { minLength: 1, maxLength: 3 }), async (history) => {
      const epochs: number[] = []
      for (const ofEpoch of history) {
        await chainUnderTest.passSeconds(clock.epochSeconds)
        epochs.push(epochOf((await readLatestBlock(chain)).timestampSeconds, clock))
        for (const [to, amountWei] of ofEpoch) await pay(customer, nodes[to]!.address, amountWei)
      }
      await chainUnderTest.passSeconds(clock.epochSeconds)
      for (const epoch of epochs) {
        const verdict = await verifyEpoch({ chain, epoch })
        expect(
          verdict.equal,
          JSON.stringify(verdict, (_, value) => String(value)),
        ).toBe(true)
        expect(verdict.shares.length).toBeGreaterThan(0)
        await sendAndWait(funder, encodeFinalizeEpoch(network, { epoch }), options)
        const closed = await verifyEpoch({ chain, epoch })
        expect(closed.equal && closed.minted !== null).toBe(true)
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

/** Names another minter for the token; the notice of a practice network is over afterwards. */
async function changeMinter(minter: string): Promise<void> {
  const { network, funder } = chainUnderTest
  const call = (method: string, args: readonly unknown[]) => ({
    to: network.contracts.Stewardship,
    data: interfaces.Stewardship.encodeFunctionData(method, args),
  })
  await sendAndWait(funder, call('proposeMinter', [minter]), options)
  await chainUnderTest.passSeconds(parameters.practice.successorSeconds)
  await sendAndWait(funder, call('completeMinter', []), options)
}

test('an epoch that nobody may mint for gives nobody anything, here as on chain, and the fees stay', async () => {
  const { chain, network, funder } = chainUnderTest
  const clock = await readEpochClock(chain)
  const { operator, node } = await boundNode(chainUnderTest)
  const customer = await fundedWallet(chainUnderTest, parseEther('100'))
  const lock = encodeLock(network, { nodes: [node.address], amountsWei: [parseEther('80')] })
  await sendAndWait(customer, lock, options)
  await changeMinter(funder.address)
  await pay(customer, node.address, parseEther('40'))
  const { timestampSeconds } = await readLatestBlock(chain)
  const epoch = epochOf(timestampSeconds, clock)
  await chainUnderTest.passSeconds(clock.epochSeconds)

  const foreseen = await verifyEpoch({ chain, epoch })
  expect(foreseen).toMatchObject({ equal: true, minted: null })
  const mine = foreseen.shares.find((share) => share.operator === operator.address)
  expect(mine).toMatchObject({ recomputedWei: 0n, onChainWei: 0n })
  await sendAndWait(funder, encodeFinalizeEpoch(network, { epoch }), options)
  expect(await verifyEpoch({ chain, epoch })).toMatchObject({
    equal: true,
    minted: { recomputedWei: 0n, onChainWei: 0n },
  })
  expect(await readOperatorEarnings(chain, operator.address)).toMatchObject({
    earnedWei: parseEther('38'),
    burnedWei: parseEther('2'),
    rewardsWei: 0n,
  })
  await changeMinter(network.contracts.Rewards)
  expect((await verifyEpoch({ chain, epoch })).equal).toBe(true)
}, 60_000)
