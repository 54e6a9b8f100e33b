import { parseEther, randomBytes, type Wallet } from 'ethers'
import {
  departureTypedData,
  encodeForfeit,
  encodeHandOver,
  readDataSet,
  readLatestBlock,
  sendAndWait,
} from '../client/index.ts'
import type { Meter } from './gas-snapshot.ts'
import { acceptPieces, addPiecesCall, boundNode, fundedWallet, nextPeriod, signTyped } from './testing/actors.ts'
import type { TestChain } from './testing/practice-chain.ts'
import { pieceOfBytes, type TestPiece } from './testing/trees.ts'

const timeoutMs = 20_000
const price = parseEther('100')

/** A set that is handed over, one piece and then ten more, and one that is forfeited. */
export async function measureDepartures(test: TestChain, meter: Meter): Promise<void> {
  const { node } = await boundNode(test)
  const { node: heir } = await boundNode(test)
  const { node: careless } = await boundNode(test)
  const customer = await fundedWallet(test, parseEther('1000'))
  const pieces = Array.from({ length: 11 }, () => pieceOfBytes(randomBytes(512)))
  const batch = { pricePerGiBPeriodWei: price, depositWei: parseEther('10') }
  for (const from of [node, careless]) {
    await sendAndWait(customer, await addPiecesCall(test, customer.address, from, pieces, batch), { timeoutMs })
  }
  await nextPeriod(test)
  for (const [name, first, end] of [
    ['handOver, first piece', 0, 1],
    ['handOver, ten more', 1, 11],
  ] as const) {
    await meter(name, await handOverCall(test, { customer, node, heir, first, pieces: pieces.slice(first, end) }))
  }
  await meter(
    'forfeit',
    encodeForfeit(test.network, { departure: await signedDeparture(test, customer, careless, null) }),
  )
}

async function handOverCall(
  test: TestChain,
  o: { customer: Wallet; node: Wallet; heir: Wallet; first: number; pieces: readonly TestPiece[] },
) {
  const { inputs, terms, signature } = await acceptPieces(test, o.customer.address, o.heir, o.pieces, price)
  return encodeHandOver(test.network, {
    departure: await signedDeparture(test, o.customer, o.node, o.heir.address),
    first: o.first,
    pieces: inputs,
    acceptance: terms,
    heirSignature: signature,
  })
}

async function signedDeparture(test: TestChain, customer: Wallet, node: Wallet, heir: string | null) {
  const { sequence } = (await readDataSet(test.chain, customer.address, node.address))!
  const expirySeconds = (await readLatestBlock(test.chain)).timestampSeconds + 600
  const departure = { customer: customer.address, node: node.address, heir, expirySeconds }
  return {
    ...departure,
    signature: await signTyped(node, departureTypedData(test.network, { ...departure, sequence })),
  }
}
