import { getBytes, hexlify, parseEther, randomBytes, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addPiecesCall,
  authorizeCall,
  boundNode,
  fundedWallet,
  nextPeriod,
  signTyped,
} from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import { pieceOfBytes, proveLeaves } from '../script/testing/trees.ts'
import {
  composeClaimSentence,
  composeRevokeSentence,
  composeTransferSentence,
  ContractCallError,
  encodeCaptureSeed,
  encodeClaim,
  encodeDrop,
  encodeFinish,
  encodeLock,
  encodeProveMany,
  encodeProvePossession,
  encodeRedeem,
  encodeRedeemMany,
  encodeRemovePieces,
  encodeRevoke,
  encodeSettle,
  encodeSetTerms,
  encodeStartThaw,
  encodeTopUp,
  encodeTransferBySentence,
  encodeWithdraw,
  listDataSets,
  listNodes,
  listPieces,
  microTokens,
  networkFileSchema,
  periodStartSeconds,
  priceTermsTypedData,
  readAllowance,
  readDataSet,
  readLaneRedeemed,
  readLatestBlock,
  readLock,
  readMachineAllowance,
  readMovements,
  readNode,
  readOperatorEarnings,
  readOperatorNumbers,
  readProvision,
  readSeed,
  readStorageEvents,
  readTiming,
  readTokenBalance,
  sendAndWait,
  sentenceDeadline,
  storageChallenges,
  type Voucher,
  voucherTypedData,
} from './index.ts'

const timeoutMs = 20_000
let test: TestChain

beforeAll(async () => {
  test = await startTestChain()
}, 30_000)

afterAll(async () => test.stop())

function piece(lengthBytes: number) {
  return pieceOfBytes(randomBytes(lengthBytes))
}

async function submit(call: Parameters<typeof sendAndWait>[1], from: Parameters<typeof sendAndWait>[0] = test.funder) {
  return sendAndWait(from, call, { timeoutMs })
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ContractCallError)
  return (error as ContractCallError).errorName
}

describe('the network file', () => {
  it('takes what a deployment gives and nothing unsafe', () => {
    expect(networkFileSchema.parse(test.network)).toEqual(test.network)
    for (const bad of [
      { rpcUrls: ['http://rpc.example'] },
      { rpcUrls: [] },
      { chainId: 2 ** 50 },
      { symbol: 'TOO LONG' },
      { name: 'line\nbreak' },
      { extra: 1 },
    ]) {
      expect(networkFileSchema.safeParse({ ...test.network, ...bad }).success).toBe(false)
    }
  })
})

describe('a working life', () => {
  it('binds, takes pieces, proves, earns, is paid by voucher and claims', async () => {
    const { chain, network } = test
    const { operator, node } = await boundNode(test, parseEther('50'))
    const customer = await fundedWallet(test, parseEther('1000'))

    const entry = await readNode(chain, node.address)
    expect(entry).toMatchObject({ operator: operator.address, role: 'storage', revoked: false, terms: null })
    expect(await readProvision(chain, operator.address)).toBe(parseEther('50'))
    const machine = await readMachineAllowance(chain, operator.address, entry!.authorization)
    expect(machine.riskWei).toBe(parseEther('100'))

    const terms = {
      node: node.address,
      pricePerGiBPeriodWei: 5n,
      retrievalPricePerMiBWei: 6n,
      minimumBytesPerSecond: 7,
      sequence: 1,
    }
    const signature = await signTyped(node, priceTermsTypedData(network, terms))
    await submit(encodeSetTerms(network, { terms, signature }))
    const [listed] = (await listNodes(chain, { role: 'storage' })).filter((found) => found.node === node.address)
    expect(listed!.terms).toMatchObject({ pricePerGiBPeriodWei: 5n, retrievalPricePerMiBWei: 6n, sequence: 1 })

    const held = [piece(1000), piece(33), piece(5000)]
    const price = parseEther('1000')
    const batch = { pricePerGiBPeriodWei: price, depositWei: parseEther('100') }
    await submit(await addPiecesCall(test, customer.address, node, held, batch), customer)
    const fresh = (await readDataSet(chain, customer.address, node.address))!
    const leaves = held.reduce((sum, { leafCount }) => sum + leafCount, 0)
    expect(fresh).toMatchObject({
      pieceCount: 3,
      leafCount: leaves,
      frozenLeafCount: 0,
      lastProvenPeriod: null,
      sequence: 1,
    })
    expect(fresh.pricePerPeriodWei).toBe((BigInt(leaves) * price) >> 25n)
    expect((await listPieces(chain, customer.address, node.address)).map((found) => found.root)).toEqual(
      held.map(({ root }) => root),
    )

    const { period, seed } = await nextPeriod(test)
    const drawn = storageChallenges(seed, fresh.setId, period, leaves)
    const proofs = proveLeaves(held, drawn)
    const proof = encodeProvePossession(network, { customer: customer.address, node: node.address, period, proofs })
    await submit(proof)
    expect(await refusalOf(submit(proof))).toBe('AlreadyProven')
    expect((await readDataSet(chain, customer.address, node.address))!.lastProvenPeriod).toBe(period)

    await submit(encodeLock(network, { nodes: [node.address], amountsWei: [parseEther('10')] }), customer)
    const voucher: Voucher = {
      customer: customer.address,
      node: node.address,
      lane: hexlify(randomBytes(32)),
      cumulativeWei: parseEther('4'),
      expirySeconds: (await readLatestBlock(chain)).timestampSeconds + 600,
    }
    const signed = { voucher, signature: getBytes(await signTyped(customer, voucherTypedData(network, voucher))) }
    await submit(encodeRedeem(network, signed))
    await submit(encodeRedeemMany(network, { vouchers: [signed] }))
    expect(await readLaneRedeemed(chain, customer.address, node.address, voucher.lane)).toBe(parseEther('4'))
    expect(await readLock(chain, customer.address, node.address)).toEqual({
      lockedWei: parseEther('6'),
      thawingWei: 0n,
      thawEndsAtSeconds: null,
      redeemedWei: parseEther('4'),
    })

    const earnings = await readOperatorEarnings(chain, operator.address)
    const { number: toBlock } = await readLatestBlock(chain)
    const events = await readMovements(chain, operator.address, { fromBlock: 0, toBlock })
    expect(events.map(({ kind }) => kind)).toEqual(['storageProof', 'voucher'])
    expect(events.reduce((sum, event) => sum + event.amountWei, 0n)).toBe(earnings.earnedWei)
    expect(events.reduce((sum, event) => sum + ('burnedWei' in event ? event.burnedWei : 0n), 0n)).toBe(
      earnings.burnedWei,
    )
    expect(events.every((event) => event.atSeconds > 0 && 'node' in event && event.node === node.address)).toBe(true)

    await claimAll(operator, earnings.claimableWei)
  })

  async function claimAll(operator: Wallet, claimableWei: bigint): Promise<void> {
    const { chain, network } = test
    const { next: number } = await readOperatorNumbers(chain, operator.address, 'claim')
    const deadlineSeconds = sentenceDeadline((await readLatestBlock(chain)).timestampSeconds)
    const sentence = { micro: microTokens(claimableWei), number, deadlineSeconds }
    const text = composeClaimSentence(network, { ...sentence, to: operator.address })
    const signature = await operator.signMessage(text)
    await submit(encodeClaim(network, { ...sentence, operator: operator.address, signature }))
    expect(await readTokenBalance(chain, operator.address)).toBe(sentence.micro * 10n ** 12n)
    const after = await readOperatorEarnings(chain, operator.address)
    expect(after.earnedWei).toBe(after.claimedWei + after.claimableWei + after.movedToStakeWei)
    const { number: toBlock } = await readLatestBlock(chain)
    const last = (await readMovements(chain, operator.address, { fromBlock: 0, toBlock })).at(-1)
    expect(last).toMatchObject({ kind: 'claim', to: operator.address, amountWei: after.claimedWei })
  }

  it('transfers by sentence and revokes a key for ever', async () => {
    const { chain, network } = test
    const { operator, node } = await boundNode(test)
    const owner = await fundedWallet(test, parseEther('3'))
    const deadlineSeconds = sentenceDeadline((await readLatestBlock(chain)).timestampSeconds)
    const sentence = { micro: 1_500_000n, number: 1, deadlineSeconds, to: operator.address }
    const signature = await owner.signMessage(composeTransferSentence(network, sentence))
    await submit(encodeTransferBySentence(network, { ...sentence, owner: owner.address, signature }))
    expect(await readTokenBalance(chain, operator.address)).toBe(parseEther('1.5'))

    const consent = await operator.signMessage(composeRevokeSentence(network, { node: node.address }))
    const revocation = encodeRevoke(network, { operator: operator.address, node: node.address, signature: consent })
    await submit(revocation)
    await submit(revocation)
    expect((await readNode(chain, node.address))!.revoked).toBe(true)
    expect(await readNode(chain, owner.address)).toBeNull()
  })

  it('removes pieces, misses, drops and gets the escrow back', async () => {
    const { chain, network } = test
    const { node } = await boundNode(test)
    const customer = await fundedWallet(test, parseEther('100'))
    const held = Array.from({ length: 10 }, () => piece(320))
    const batch = { pricePerGiBPeriodWei: parseEther('1000'), depositWei: parseEther('10') }
    await submit(await addPiecesCall(test, customer.address, node, held, batch), customer)
    await submit(encodeTopUp(network, { customer: customer.address, node: node.address, amountWei: 5n }), customer)
    await nextPeriod(test)
    await submit(encodeRemovePieces(network, { node: node.address, indices: [2] }), customer)
    const pair = { customer: customer.address, node: node.address }
    expect((await listPieces(chain, pair.customer, pair.node))[2]).toMatchObject({ removed: true, leafCount: 10 })
    const { period, seed } = await nextPeriod(test)
    const pieces = await listPieces(chain, pair.customer, pair.node)
    expect(pieces[2]).toMatchObject({ removed: true, leafCount: 0 })
    expect(pieces[3]!.firstLeaf).toBe(20)
    const set = (await readDataSet(chain, pair.customer, pair.node))!
    expect(set).toMatchObject({ frozenLeafCount: 90, faults: 0 })
    const left = held.filter((_piece, index) => index !== 2)
    const proofs = proveLeaves(left, storageChallenges(seed, set.setId, period, set.frozenLeafCount))
    const sets = [{ customer: pair.customer, proofs }]
    await submit(encodeProveMany(network, { node: pair.node, period, sets }))
    expect((await readDataSet(chain, pair.customer, pair.node))!.faults).toBe(1)
    await submit(encodeDrop(network, { node: pair.node }), customer)
    expect(await refusalOf(submit(encodeFinish(network, pair)))).toBe('StillOwed')
    await nextPeriod(test)
    await submit(encodeSettle(network, pair))
    await submit(encodeFinish(network, pair))
    expect((await readDataSet(chain, pair.customer, pair.node))!).toMatchObject({ state: 'ended', escrowWei: 0n })
    expect((await listDataSets(chain, { customer: pair.customer })).map(({ node: at }) => at)).toEqual([pair.node])
    expect(await listDataSets(chain, { node: pair.node })).toHaveLength(1)
    const { number: toBlock } = await readLatestBlock(chain)
    const events = await readStorageEvents(chain, { ...pair, fromBlock: 0, toBlock })
    expect(events.map(({ kind }) => kind)).toEqual([
      'piecesAdded',
      'pieceRemoved',
      'fault',
      'proofAccepted',
      'setDropped',
      'setEnded',
    ])
  })

  it('thaws a lock and pays it back', async () => {
    const { chain, network } = test
    const { node } = await boundNode(test)
    const customer = await fundedWallet(test, parseEther('5'))
    expect(await readAllowance(chain, customer.address)).toBeGreaterThan(parseEther('5'))
    await submit(encodeLock(network, { nodes: [node.address], amountsWei: [parseEther('5')] }), customer)
    await submit(encodeStartThaw(network, { node: node.address, amountWei: parseEther('2') }), customer)
    expect(await refusalOf(submit(encodeWithdraw(network, { node: node.address }), customer))).toBe('StillThawing')
    await test.passSeconds((await readTiming(chain)).thawSeconds)
    await submit(encodeWithdraw(network, { node: node.address }), customer)
    expect(await readTokenBalance(chain, customer.address)).toBe(parseEther('2'))
  })
})

describe('refusals', () => {
  it('carry the name and values of the custom error', async () => {
    const { network } = test
    const error = await submit(encodeCaptureSeed(network, { slot: 5 })).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CONTRACT_REFUSED', errorName: 'SlotNotOpen', args: [5n] })
    const operator = await fundedWallet(test)
    const node = await fundedWallet(test)
    const call = await authorizeCall(test, operator, [{ wallet: node, role: 'storage' }])
    await submit(call)
    expect(await refusalOf(submit(call))).toBe('NumberNotNext')
  })

  it('read null for what never was', async () => {
    const { chain } = test
    const stranger = await fundedWallet(test)
    expect(await readDataSet(chain, stranger.address, stranger.address)).toBeNull()
    const seed = await readSeed(chain, 7)
    expect(seed).toEqual({ slot: 7, seed: null, drawBlock: null, openedAtBlock: null, capturedAtSeconds: null })
    const timing = await readTiming(chain)
    expect(periodStartSeconds(3, timing)).toBe(90)
  })
})
