/**
 * Gas of each call from receipts on Anvil's latest fork, calldata and base cost included, which forge's own snapshots
 * leave out. `node contracts/script/gas-snapshot.ts --write` records it in contracts/gas-snapshot.json.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { hexlify, parseEther, randomBytes, type Signer, type Wallet } from 'ethers'
import {
  type ChainCall,
  chainRoleNames,
  composeRevokeSentence,
  composeStakeSentence,
  composeTransferSentence,
  composeUnstakeSentence,
  encodeCaptureSeed,
  encodeDrop,
  encodeFinish,
  encodeLock,
  encodeOpenSeed,
  encodeProvePossession,
  encodeRedeem,
  encodeRemovePieces,
  encodeEndRepairer,
  encodeNameRepairer,
  encodeRepair,
  encodeRevoke,
  encodeSettle,
  encodeSetTerms,
  encodeStake,
  encodeStakeFor,
  encodeStartThaw,
  encodeTopUp,
  encodeTransferBySentence,
  encodeUnstake,
  encodeWithdraw,
  encodeWithdrawStake,
  encodeApprove,
  priceTermsTypedData,
  readDataSet,
  readLatestBlock,
  sendAndWait,
  sentenceDeadline,
  storageChallenges,
  voucherTypedData,
} from '../client/index.ts'
import { measureDepartures } from './gas-of-departures.ts'
import { measureEnergy } from './gas-of-energy.ts'
import { measureRender } from './gas-of-render.ts'
import { measurePayout, measureRewards, meterClaim, sentenceGas } from './gas-of-earnings.ts'
import { measureProofGas } from './measure-proof-gas.ts'
import {
  acceptPieces,
  addPiecesCall,
  authorizeCall,
  boundNode,
  fundedWallet,
  newWallet,
  nextPeriod,
  signTyped,
} from './testing/actors.ts'
import { startTestChain, type TestChain } from './testing/practice-chain.ts'
import { pieceOfBytes, proveLeaves, type TestPiece } from './testing/trees.ts'

export type GasSnapshot = Readonly<Record<string, number>>

export const snapshotPath = resolve(import.meta.dirname, '../gas-snapshot.json')
/** Growth beyond this share of a recorded figure is an error. */
export const allowedGrowth = 0.01
const timeoutMs = 20_000

/** Sends a call and records its gas under a name; from the chain's funder unless another signs. */
export type Meter = (name: string, call: ChainCall, from?: Signer) => Promise<void>

/** What was recorded. */
export function readSnapshot(): GasSnapshot {
  return JSON.parse(readFileSync(snapshotPath, 'utf8')) as GasSnapshot
}

/** Measures all calls on a fresh chain. */
export async function measureGas(): Promise<GasSnapshot> {
  const test = await startTestChain()
  const figures: Record<string, number> = {}
  const meter: Meter = async (name, call, from = test.funder) => {
    figures[name] = Number((await sendAndWait(from, call, { timeoutMs })).gasUsed)
  }
  try {
    await measureIdentity(test, meter)
    await measureSeeds(test, meter)
    await measureStorage(test, meter)
    await measureMoney(test, meter)
    await measureRepair(test, meter)
    await measureDepartures(test, meter)
    await measureRender(test, meter)
    await measureEnergy(test, meter)
    await measurePayout(test, meter)
    await measureRewards(test, meter)
    figures['sentence of a claim, part of each'] = await sentenceGas(test, test.funder.address)
  } finally {
    await test.stop()
  }
  figures['provePossession, 64 pieces of 16 MiB'] = (await measureProofGas()).gasUsed
  const alone = await measureProofGas({ nobodyFinalizes: true })
  figures['provePossession, first touch of an epoch that nobody finalized'] = alone.gasUsed
  return figures
}

async function measureIdentity(test: TestChain, meter: Meter): Promise<void> {
  const { network, funder } = test
  const operator = newWallet(test)
  const one = newWallet(test)
  // The first ever also fills the list of its role.
  await boundNode(test)
  await meter('authorize, one key', await authorizeCall(test, operator, [{ wallet: one, role: 'storage' }]))
  const five = chainRoleNames.map((role) => ({ wallet: newWallet(test), role }))
  await meter('authorize, five keys', await authorizeCall(test, newWallet(test), five))
  const terms = {
    node: one.address,
    pricePerGiBPeriodWei: 10n ** 18n,
    retrievalPricePerMiBWei: 10n ** 15n,
    minimumBytesPerSecond: 1_000_000,
  }
  for (const [name, sequence] of [
    ['setTerms, first', 1],
    ['setTerms, later', 2],
  ] as const) {
    const next = { ...terms, pricePerGiBPeriodWei: terms.pricePerGiBPeriodWei + BigInt(sequence), sequence }
    await meter(
      name,
      encodeSetTerms(network, { terms: next, signature: await signTyped(one, priceTermsTypedData(network, next)) }),
    )
  }
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const stake = encodeStakeFor(network, { operator: operator.address, amountWei: parseEther('3') })
  await meter('stakeFor, first', stake)
  await meter('stakeFor, later', stake)
  await meterUnstake(test, meter, operator)
  const signature = await operator.signMessage(composeRevokeSentence(network, { node: one.address }))
  await meter('revoke', encodeRevoke(network, { operator: operator.address, node: one.address, signature }))
}

async function meterUnstake(test: TestChain, meter: Meter, operator: Wallet): Promise<void> {
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(test.chain)).timestampSeconds)
  const sentence = { micro: 1_500_000n, number: 1, deadlineSeconds, operator: operator.address }
  const signature = await operator.signMessage(composeUnstakeSentence(test.network, sentence))
  await meter('unstake, first', encodeUnstake(test.network, { ...sentence, signature }))
  await test.passSeconds(180)
  await meter('withdrawStake', encodeWithdrawStake(test.network, { operator: operator.address }))
}

async function measureSeeds(test: TestChain, meter: Meter): Promise<void> {
  const { timestampSeconds } = await readLatestBlock(test.chain)
  const slot = Math.floor(timestampSeconds / 10)
  await meter('open seed', encodeOpenSeed(test.network, { slot }))
  await test.mineBlocks(9)
  await meter('capture seed', encodeCaptureSeed(test.network, { slot }))
}

async function measureStorage(test: TestChain, meter: Meter): Promise<void> {
  const { network } = test
  const { node } = await boundNode(test, parseEther('100'))
  const customer = await fundedWallet(test, parseEther('1000'))
  const pair = { customer: customer.address, node: node.address }
  const held: TestPiece[] = []
  const batch = { pricePerGiBPeriodWei: parseEther('100'), depositWei: parseEther('10') }
  for (const [name, count] of [
    ['addPieces, first piece', 1],
    ['addPieces, one more', 1],
    ['addPieces, ten more', 10],
  ] as const) {
    const pieces = Array.from({ length: count }, () => pieceOfBytes(randomBytes(512)))
    await meter(name, await addPiecesCall(test, customer.address, node, pieces, batch), customer)
    held.push(...pieces)
  }
  await meter('topUp', encodeTopUp(network, { ...pair, amountWei: parseEther('1') }), customer)
  const { period, seed } = await nextPeriod(test)
  const set = (await readDataSet(test.chain, customer.address, node.address))!
  const proofs = proveLeaves(held, storageChallenges(seed, set.setId, period, set.frozenLeafCount))
  await sendAndWait(test.funder, encodeProvePossession(network, { ...pair, period, proofs }), { timeoutMs })
  await nextPeriod(test)
  await nextPeriod(test)
  await meter('settle, one fault', encodeSettle(network, pair))
  await meter('removePieces, one', encodeRemovePieces(network, { node: node.address, indices: [3] }), customer)
  await meter('drop', encodeDrop(network, { node: node.address }), customer)
  await nextPeriod(test)
  await meter('finish', encodeFinish(network, pair))
}

async function measureMoney(test: TestChain, meter: Meter): Promise<void> {
  const { network } = test
  const { operator, node } = await boundNode(test)
  const customer = await fundedWallet(test, parseEther('1000'))
  const lock = encodeLock(network, { nodes: [node.address], amountsWei: [parseEther('100')] })
  await meter('lock, first', lock, customer)
  await meter('lock, later', lock, customer)
  const lane = hexlify(randomBytes(32))
  const expirySeconds = (await readLatestBlock(test.chain)).timestampSeconds + 6_000
  for (const [name, tokens] of [
    ['redeem, first', '40'],
    ['redeem, later', '80'],
  ] as const) {
    const voucher = {
      customer: customer.address,
      node: node.address,
      lane,
      cumulativeWei: parseEther(tokens),
      expirySeconds,
    }
    await meter(
      name,
      encodeRedeem(network, { voucher, signature: await signTyped(customer, voucherTypedData(network, voucher)) }),
    )
    await meterClaim(test, meter, operator, name.replace('redeem', 'claim'), tokens === '40' ? 1 : 2)
  }
  await meterStake(test, meter, operator)
  await meter('startThaw', encodeStartThaw(network, { node: node.address, amountWei: parseEther('1') }), customer)
  await test.passSeconds(60)
  await meter('withdraw', encodeWithdraw(network, { node: node.address }), customer)
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(test.chain)).timestampSeconds)
  const sentence = { micro: 1_500_000n, number: 1, deadlineSeconds, to: operator.address }
  const signature = await customer.signMessage(composeTransferSentence(network, sentence))
  await meter(
    'transferBySentence, first',
    encodeTransferBySentence(network, { ...sentence, owner: customer.address, signature }),
  )
}

async function measureRepair(test: TestChain, meter: Meter): Promise<void> {
  const { network } = test
  const [{ node: lost }, { node: next }, { node: repairer }] = [
    await boundNode(test),
    await boundNode(test),
    await boundNode(test),
  ]
  const customer = await fundedWallet(test, parseEther('1000'))
  await sendAndWait(test.funder, { to: repairer.address, data: '0x', value: parseEther('1') }, { timeoutMs })
  const pieces = Array.from({ length: 11 }, () => pieceOfBytes(randomBytes(512)))
  const price = parseEther('100')
  const batch = { pricePerGiBPeriodWei: price, depositWei: parseEther('10') }
  await sendAndWait(customer, await addPiecesCall(test, customer.address, lost, pieces, batch), { timeoutMs })
  const terms = {
    priceCapPerGiBPeriodWei: price,
    retrievalPriceCapPerMiBWei: 1_000n,
    feePerPieceWei: 10n ** 15n,
    feePerGiBWei: price,
    spendCapPerPeriodWei: parseEther('10'),
    expirySeconds: (await readLatestBlock(test.chain)).timestampSeconds + 6_000,
  }
  const naming = { repairer: repairer.address, terms, budgetWei: parseEther('10') }
  await meter('name repairer', encodeNameRepairer(network, naming), customer)
  for (let period = 0; period < 3; period++) await nextPeriod(test)
  for (const [name, from, to] of [
    ['repair, first piece', 0, 1],
    ['repair, ten more', 1, 11],
  ] as const) {
    const indices = Array.from({ length: to - from }, (_, index) => from + index)
    const accepted = await acceptPieces(test, customer.address, next, pieces.slice(from, to), price)
    const moved = { customer: customer.address, node: next.address, lost: [{ node: lost.address, indices }] }
    const call = encodeRepair(network, { ...moved, ...accepted.terms, signature: accepted.signature })
    await meter(name, call, repairer)
  }
  await meter('end repairer', encodeEndRepairer(network, { repairer: repairer.address }), customer)
}

async function meterStake(test: TestChain, meter: Meter, operator: Wallet): Promise<void> {
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(test.chain)).timestampSeconds)
  const sentence = { micro: 2_500_000n, number: 1, deadlineSeconds, operator: operator.address }
  const signature = await operator.signMessage(composeStakeSentence(test.network, sentence))
  await meter('stake, first', encodeStake(test.network, { ...sentence, signature }))
}

if (import.meta.filename === process.argv[1]) {
  const figures = await measureGas()
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  if (process.argv.includes('--write')) writeFileSync(snapshotPath, `${JSON.stringify(figures, null, 2)}\n`)
}
