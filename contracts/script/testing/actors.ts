import { dataSlice, getBytes, parseEther, SigningKey, type TransactionReceipt, Wallet } from 'ethers'
import {
  acceptNodeTypedData,
  type ChainCall,
  type ChainRoleName,
  composeAuthorizeSentence,
  ContractCallError,
  createTransactionSender,
  encodeAddPieces,
  encodeApprove,
  encodeAuthorize,
  encodeCaptureSeed,
  encodeOpenSeed,
  encodeStakeFor,
  encodeTransfer,
  hashPieces,
  pieceAcceptanceTypedData,
  readDataSet,
  readLatestBlock,
  readOperatorNumbers,
  readSeed,
  readTiming,
  seedSlotOfPeriod,
  currentPeriod,
  sendAndWait,
  sentenceDeadline,
  type TypedData,
} from '../../client/index.ts'
import type { TestChain } from './practice-chain.ts'
import type { TestPiece } from './trees.ts'

const timeoutMs = 20_000

/** A fresh account with nothing. */
export function newWallet(test: Pick<TestChain, 'chain'>): Wallet {
  return new Wallet(Wallet.createRandom().privateKey, test.chain.provider)
}

/** A fresh account with coins for gas and, where asked, tokens that `Payments` may take. */
export async function fundedWallet(test: TestChain, tokensWei = 0n): Promise<Wallet> {
  const wallet = newWallet(test)
  const coins = await test.funder.sendTransaction({ to: wallet.address, value: parseEther('10') })
  await coins.wait(1, timeoutMs)
  if (tokensWei > 0n) {
    await sendAndWait(test.funder, encodeTransfer(test.network, { to: wallet.address, amountWei: tokensWei }), {
      timeoutMs,
    })
    await sendAndWait(wallet, encodeApprove(test.network, {}), { timeoutMs })
  }
  return wallet
}

/** 64 bytes of a wallet's public key. */
export function publicKeyOf(wallet: Wallet): string {
  return dataSlice(SigningKey.computePublicKey(wallet.privateKey, false), 1)
}

export async function signTyped(wallet: Wallet, data: TypedData): Promise<string> {
  return wallet.signTypedData(data.domain, data.types, data.value)
}

/** Builds the call that binds keys to an operator, signed by all of them. */
export async function authorizeCall(
  test: Pick<TestChain, 'network' | 'chain'>,
  operator: Wallet,
  nodes: readonly { readonly wallet: Wallet; readonly role: ChainRoleName }[],
  limits: { riskMicro?: bigint; spendPerDayMicro?: bigint } = {},
): Promise<ChainCall> {
  const { network, chain } = test
  const { next } = await readOperatorNumbers(chain, operator.address, 'authorize')
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(chain)).timestampSeconds)
  const bindings = []
  for (const { wallet, role } of nodes) {
    const consent = acceptNodeTypedData(network, { operator: operator.address, role, deadlineSeconds })
    bindings.push({
      node: wallet.address,
      role,
      publicKey: publicKeyOf(wallet),
      acceptance: await signTyped(wallet, consent),
    })
  }
  const sentence = {
    nodes: bindings,
    riskMicro: limits.riskMicro ?? 100_000_000n,
    spendPerDayMicro: limits.spendPerDayMicro ?? 1_000_000n,
    number: next,
    deadlineSeconds,
  }
  const signature = await operator.signMessage(composeAuthorizeSentence(network, sentence))
  return encodeAuthorize(network, { operator: operator.address, ...sentence, signature })
}

/** Binds one storage node to a new operator, with a stake when asked. */
export async function boundNode(test: TestChain, stakeWei = 0n): Promise<{ operator: Wallet; node: Wallet }> {
  const [operator, node] = [newWallet(test), newWallet(test)]
  const call = await authorizeCall(test, operator, [{ wallet: node, role: 'storage' }])
  await sendAndWait(test.funder, call, { timeoutMs })
  if (stakeWei > 0n) {
    const { network } = test
    const approval = encodeApprove(network, { spender: network.contracts.Registry, amountWei: stakeWei })
    await sendAndWait(test.funder, approval, { timeoutMs })
    const stake = encodeStakeFor(network, { operator: operator.address, amountWei: stakeWei })
    await sendAndWait(test.funder, stake, { timeoutMs })
  }
  return { operator, node }
}

export type Batch = { readonly pricePerGiBPeriodWei: bigint; readonly depositWei: bigint }

/** Builds the call that adds pieces which the node accepts. */
export async function addPiecesCall(
  test: Pick<TestChain, 'network' | 'chain'>,
  customer: string,
  node: Wallet,
  pieces: readonly TestPiece[],
  batch: Batch,
): Promise<ChainCall> {
  const { inputs, terms, signature } = await acceptPieces(test, customer, node, pieces, batch.pricePerGiBPeriodWei)
  const { depositWei } = batch
  return encodeAddPieces(test.network, { node: node.address, pieces: inputs, ...terms, signature, depositWei })
}

/** A node's consent to pieces of a customer, good for ten minutes. */
export async function acceptPieces(
  test: Pick<TestChain, 'network' | 'chain'>,
  customer: string,
  node: Wallet,
  pieces: readonly TestPiece[],
  pricePerGiBPeriodWei: bigint,
) {
  const { network, chain } = test
  const sequence = (await readDataSet(chain, customer, node.address))?.sequence ?? 0
  const expirySeconds = (await readLatestBlock(chain)).timestampSeconds + 600
  const inputs = pieces.map(({ root, lengthBytes }) => ({ root, lengthBytes }))
  const prices = { pricePerGiBPeriodWei, retrievalPricePerMiBWei: 1_000n, minimumBytesPerSecond: 100_000 }
  const terms = { ...prices, sequence, expirySeconds }
  const acceptance = { customer, node: node.address, piecesHash: hashPieces(inputs), ...terms }
  const signature = getBytes(await signTyped(node, pieceAcceptanceTypedData(network, acceptance)))
  return { inputs, terms, signature }
}

/** Moves to the beginning of the next period and draws its seed; returns the period and the seed. */
export async function nextPeriod(test: TestChain): Promise<{ period: number; seed: string }> {
  const timing = await readTiming(test.chain)
  const { timestampSeconds } = await readLatestBlock(test.chain)
  const period = currentPeriod(timestampSeconds, timing) + 1
  await test.passSeconds(period * timing.provingPeriodSeconds - timestampSeconds)
  const slot = seedSlotOfPeriod(period, timing)
  await unlessDone(sendAndWait(test.funder, encodeOpenSeed(test.network, { slot }), { timeoutMs }))
  // Blocks of the same second: the seed takes no time from the period.
  await test.chain.provider.send('anvil_mine', ['0x9', '0x0'])
  await unlessDone(sendAndWait(test.funder, encodeCaptureSeed(test.network, { slot }), { timeoutMs }))
  const { seed } = await readSeed(test.chain, slot)
  return { period, seed: seed! }
}

/** Anyone may draw a seed: where providers run, one of them may have been first. */
async function unlessDone(sent: Promise<unknown>): Promise<void> {
  try {
    await sent
  } catch (error) {
    if (!(error instanceof ContractCallError && error.errorName.startsWith('SlotAlready'))) throw error
  }
}

/** Sends calls from one key and waits for all. */
export async function sendAll(
  test: TestChain,
  wallet: Wallet,
  calls: readonly ChainCall[],
): Promise<TransactionReceipt[]> {
  const sender = createTransactionSender(test.chain, wallet)
  try {
    return await Promise.all(calls.map((call) => sender.send(call, { timeoutMs })))
  } finally {
    sender.close()
  }
}
