import { hexlify, parseEther, randomBytes, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundNode, fundedWallet, newWallet, signTyped } from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import {
  type ChainCall,
  composeCancelPayoutSentence,
  composeClaimSentence,
  composePayoutSentence,
  ContractCallError,
  encodeCancelPayout,
  encodeChangePayout,
  encodeClaim,
  encodeFinishPayout,
  encodeLock,
  encodeRedeem,
  estimateCallGas,
  readLatestBlock,
  readOperatorNumbers,
  readLandedSentences,
  readPayout,
  readPayoutEvents,
  readTokenBalance,
  sendAndWait,
  sentenceDeadline,
  type SentenceKind,
  voucherTypedData,
} from './index.ts'

const timeoutMs = 20_000
let test: TestChain
let operator: Wallet
let safe: Wallet

beforeAll(async () => {
  test = await startTestChain()
  const { operator: owner, node } = await boundNode(test)
  ;[operator, safe] = [owner, newWallet(test)]
  await earn(node)
}, 30_000)

afterAll(async () => test.stop())

async function submit(call: ChainCall) {
  return sendAndWait(test.funder, call, { timeoutMs })
}

async function earn(node: Wallet): Promise<void> {
  const customer = await fundedWallet(test, parseEther('100'))
  const cumulativeWei = parseEther('100')
  await sendAndWait(customer, encodeLock(test.network, { nodes: [node.address], amountsWei: [cumulativeWei] }), {
    timeoutMs,
  })
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: customer.address, node: node.address, lane, cumulativeWei, expirySeconds: 4_000_000_000 }
  const signature = await signTyped(customer, voucherTypedData(test.network, voucher))
  await submit(encodeRedeem(test.network, { voucher, signature }))
}

async function termsOf(kind: SentenceKind) {
  const { next } = await readOperatorNumbers(test.chain, operator.address, kind)
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(test.chain)).timestampSeconds)
  return { number: next, deadlineSeconds, operator: operator.address }
}

async function change(to: string): Promise<void> {
  const sentence = { ...(await termsOf('payout')), to }
  const { waitSeconds } = await readPayout(test.chain, operator.address)
  const signature = await operator.signMessage(composePayoutSentence(test.network, { ...sentence, waitSeconds }))
  await submit(encodeChangePayout(test.network, { ...sentence, signature }))
}

async function claimCall(to: string, micro: bigint): Promise<ChainCall> {
  const sentence = { ...(await termsOf('claim')), micro }
  const signature = await operator.signMessage(composeClaimSentence(test.network, { ...sentence, to }))
  return encodeClaim(test.network, { ...sentence, signature })
}

describe('a change of payout', () => {
  it('is announced, cancelled, announced again and finished after its wait, and its events tell it', async () => {
    const { chain, network } = test
    const fromBlock = await chain.provider.getBlockNumber()
    expect(await readPayout(chain, operator.address)).toEqual({ to: operator.address, change: null, waitSeconds: 60 })
    await change(safe.address)
    const announced = (await readPayout(chain, operator.address)).change!
    expect(announced.address).toBe(safe.address)
    const { timestampSeconds } = await readLatestBlock(chain)
    expect(announced.effectiveAtSeconds).toBe(timestampSeconds + 60)

    const cancel = { ...(await termsOf('cancelPayout')), to: safe.address }
    const signature = await operator.signMessage(composeCancelPayoutSentence(network, cancel))
    await submit(encodeCancelPayout(network, { ...cancel, signature }))
    expect((await readPayout(chain, operator.address)).change).toBeNull()

    await change(safe.address)
    await expect(submit(encodeFinishPayout(network, { operator: operator.address }))).rejects.toThrow('PayoutWaiting')
    const stale = await claimCall(operator.address, 1_000_000n)
    await test.passSeconds(60)
    await submit(encodeFinishPayout(network, { operator: operator.address }))
    expect((await readPayout(chain, operator.address)).to).toBe(safe.address)

    await expect(submit(stale)).rejects.toThrow('NotSigned')
    await submit(await claimCall(safe.address, 2_000_000n))
    expect(await readTokenBalance(chain, safe.address)).toBe(parseEther('2'))

    const toBlock = await chain.provider.getBlockNumber()
    const range = { fromBlock, toBlock }
    expect(await readPayoutEvents(chain, operator.address, range)).toMatchObject([
      { kind: 'announced', to: safe.address, number: 1, effectiveAtSeconds: announced.effectiveAtSeconds },
      { kind: 'cancelled', to: safe.address, number: 1 },
      { kind: 'announced', to: safe.address, number: 2 },
      { kind: 'changed', to: safe.address },
    ])
    expect(await readPayoutEvents(chain, safe.address, range)).toEqual([])
    const landed = await readLandedSentences(chain, operator.address, 'payout', range)
    expect(landed).toMatchObject([
      { number: 1, amountWei: null, to: safe.address },
      { number: 2, to: safe.address },
    ])
    expect(await readLandedSentences(chain, operator.address, 'cancelPayout', range)).toMatchObject([{ number: 1 }])
  })
})

describe('the gas of a call', () => {
  it('is told before anything is sent, or the reason why it would be refused', async () => {
    const call = await claimCall(safe.address, 1_000_000n)
    const from = test.funder.address
    const estimate = await estimateCallGas(test.chain, call, { from })
    const used = (await submit(call)).gasUsed
    expect(estimate >= used && estimate < used * 2n).toBe(true)
    const refused = await estimateCallGas(test.chain, call, { from }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ContractCallError)
    expect((refused as ContractCallError).errorName).toBe('NumberNotNext')
  })
})
