import { dataLength, getBytes, hexlify, parseEther, randomBytes, type Wallet } from 'ethers'
import {
  chainRoleNames,
  composeCancelPayoutSentence,
  composeClaimSentence,
  composePayoutSentence,
  encodeCancelPayout,
  encodeChangePayout,
  encodeClaim,
  encodeFinalizeEpoch,
  encodeFinishPayout,
  encodeLock,
  encodeRedeem,
  type EpochClock,
  epochOf,
  interfaces,
  readEpochClock,
  readLatestBlock,
  readPayout,
  sendAndWait,
  sentenceDeadline,
  voucherTypedData,
} from '../client/index.ts'
import type { Meter } from './gas-snapshot.ts'
import { authorizeCall, fundedWallet, newWallet, signTyped } from './testing/actors.ts'
import type { TestChain } from './testing/practice-chain.ts'

const timeoutMs = 20_000

/** Epochs that pass before the claim that shows that their number costs nothing. */
const epochsPassed = 50

/** Rewards for one role and for five, in epochs that somebody finalized, and what the first touch pays where nobody has. */
export async function measureRewards(test: TestChain, meter: Meter): Promise<void> {
  const customer = await fundedWallet(test, parseEther('1000'))
  const operator = newWallet(test)
  const nodes = chainRoleNames.map((role) => ({ wallet: newWallet(test), role }))
  await sendAndWait(test.funder, await authorizeCall(test, operator, nodes), { timeoutMs })
  const clock = await readEpochClock(test.chain)
  for (const [claim, paid, name] of [
    [1, 1, 'claim of fees and rewards, first'],
    [2, 1, 'claim of fees and rewards, later'],
    [3, 5, 'claim of fees and rewards, first of five roles'],
    [4, 5, 'claim of fees and rewards, later of five roles'],
  ] as const) {
    for (const { wallet } of nodes.slice(0, paid)) await payVoucher(test, customer, wallet)
    await passEpoch(test, clock)
    const meterFinalize = claim === 4 ? meter : null
    await finalizeLast(test, clock, meterFinalize)
    await meterClaim(test, meter, operator, name, claim)
  }
  await payVoucher(test, customer, nodes[0]!.wallet)
  await passEpoch(test, clock)
  await finalizeLast(test, clock, null)
  for (let passed = 0; passed < epochsPassed; passed++) await passEpoch(test, clock)
  await meterClaim(test, meter, operator, `claim of fees and rewards, later, ${epochsPassed} epochs on`, 5)
  await payVoucher(test, customer, nodes[0]!.wallet)
  await passEpoch(test, clock)
  await meterClaim(test, meter, operator, 'claim, first touch of an epoch that nobody finalized', 6)
}

/** Announces, cancels, announces again and finishes; then a claim to the new payout. */
export async function measurePayout(test: TestChain, meter: Meter): Promise<void> {
  const { network, chain } = test
  const customer = await fundedWallet(test, parseEther('1000'))
  const [operator, node, safe] = [newWallet(test), newWallet(test), newWallet(test)]
  await sendAndWait(test.funder, await authorizeCall(test, operator, [{ wallet: node, role: 'storage' }]), {
    timeoutMs,
  })
  await payVoucher(test, customer, node)
  const { waitSeconds } = await readPayout(chain, operator.address)
  for (const [number, name] of [
    [1, 'changePayout, first'],
    [2, 'changePayout, later'],
  ] as const) {
    const deadlineSeconds = sentenceDeadline((await readLatestBlock(chain)).timestampSeconds)
    const terms = { number, deadlineSeconds, operator: operator.address, to: safe.address }
    const signature = await operator.signMessage(composePayoutSentence(network, { ...terms, waitSeconds }))
    await meter(name, encodeChangePayout(network, { ...terms, signature }))
    if (number === 2) continue
    const cancel = await operator.signMessage(composeCancelPayoutSentence(network, terms))
    await meter('cancelPayout, first', encodeCancelPayout(network, { ...terms, signature: cancel }))
  }
  await test.passSeconds(waitSeconds)
  await meter('finishPayout', encodeFinishPayout(network, { operator: operator.address }))
  await finalizeLast(test, await readEpochClock(chain), null)
  await meterClaim(test, meter, operator, 'claim to another payout, first', 1, safe.address)
}

/** A claim loads the word with the payout in any case, so its text is not charged with it (EIP-2929). */
const coldReadGas = 2_100

/**
 * Gas of rebuilding a claim's text within a transaction: the call's estimate without its base cost, its calldata and the
 * read of the payout.
 */
export async function sentenceGas(test: TestChain, operator: string): Promise<number> {
  const args = [operator, 20_000_001n, 1, 29_935_440]
  const data = interfaces.Payments.encodeFunctionData('claimSentence', args)
  const gas = await test.chain.provider.estimateGas({ to: test.network.contracts.Payments, data })
  const zeros = getBytes(data).filter((byte) => byte === 0).length
  return Number(gas) - 21_000 - coldReadGas - 4 * zeros - 16 * (dataLength(data) - zeros)
}

/** Submits a claim of twenty tokens and a little by the operator's sentence. */
export async function meterClaim(
  test: TestChain,
  meter: Meter,
  operator: Wallet,
  name: string,
  number: number,
  to = operator.address,
): Promise<void> {
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(test.chain)).timestampSeconds)
  const sentence = { micro: 20_000_000n + BigInt(number), number, deadlineSeconds }
  const text = composeClaimSentence(test.network, { ...sentence, to })
  const signature = await operator.signMessage(text)
  await meter(name, encodeClaim(test.network, { ...sentence, operator: operator.address, signature }))
}

async function passEpoch(test: TestChain, clock: EpochClock): Promise<void> {
  await test.passSeconds(clock.epochSeconds)
}

async function finalizeLast(test: TestChain, clock: EpochClock, meter: Meter | null): Promise<void> {
  const epoch = epochOf((await readLatestBlock(test.chain)).timestampSeconds, clock) - 1
  const call = encodeFinalizeEpoch(test.network, { epoch })
  if (meter === null) await sendAndWait(test.funder, call, { timeoutMs })
  else await meter('finalize epoch', call)
}

async function payVoucher(test: TestChain, customer: Wallet, node: Wallet): Promise<void> {
  const { network } = test
  const amountWei = parseEther('30')
  await sendAndWait(customer, encodeLock(network, { nodes: [node.address], amountsWei: [amountWei] }), { timeoutMs })
  const expirySeconds = (await readLatestBlock(test.chain)).timestampSeconds + 60_000
  const lane = hexlify(randomBytes(32))
  const voucher = { customer: customer.address, node: node.address, lane, cumulativeWei: amountWei, expirySeconds }
  const signature = await signTyped(customer, voucherTypedData(network, voucher))
  await sendAndWait(test.funder, encodeRedeem(network, { voucher, signature }), { timeoutMs })
}
