import { getBytes, keccak256, parseEther, toBeHex, type Wallet } from 'ethers'
import {
  dataSetId,
  encodeFinalizeEpoch,
  encodeProvePossession,
  epochOf,
  readDataSet,
  readEpochClock,
  readLatestBlock,
  sendAndWait,
  storageChallenges,
} from '../client/index.ts'
import { addPiecesCall, boundNode, fundedWallet, nextPeriod } from './testing/actors.ts'
import { startTestChain, type TestChain } from './testing/practice-chain.ts'
import { proveLeaves, type TestPiece, uniformPiece } from './testing/trees.ts'

/** Gas of a proof beside the least that it could cost, and what that consists of. */
export type ProofGas = {
  readonly gasUsed: number
  /** The greater of `calldataFloor` and `executionFloor`. */
  readonly floor: number
  readonly parts: {
    /** EIP-7623: 21,000 and 10 per token, a zero byte being one token and any other four. */
    readonly calldataFloor: number
    /** 21,000, calldata at 4 and 16 per byte, the SHA-256 calls, and four updates of storage. */
    readonly executionFloor: number
    readonly calldataBytes: number
    readonly calldataGas: number
    readonly sha256Gas: number
    readonly storageGas: number
  }
}

const pieces = 64
/** 16 MiB in leaves of 32 bytes. */
const height = 19
const challenges = 5
const transactionGas = 21_000
/** Precompile: 60 and 12 per word for 64 bytes; and 100 for the call to a warm address. */
const sha256CallGas = 60 + 12 * 2 + 100
/** A first write in a transaction to a slot that is not zero: 2,100 cold and 2,900 for the change (EIP-2929, EIP-2200). */
const updateGas = 5_000
/** Set, escrow, operator's account, total of the epoch. */
const updates = 4
const timeoutMs = 20_000

/**
 * Measures, from a receipt on Anvil's latest fork, a possession proof with five challenges on a set of 64 pieces of
 * 16 MiB, with the times of a real network: each proof is the operator's first of an epoch and settles his reward. The set
 * was proven before, as nearly all are: nothing is written for the first time. Of the periods that follow, the first is
 * taken whose challenges fall into five pieces and five words of the sum tree, and whose epoch begins a word of totals:
 * that is the dearest case in which somebody has finalized the epoch before, as keepers and the first touch of each epoch
 * do. With `nobodyFinalizes` this proof is that first touch, in a word that nobody prepared either.
 */
export async function measureProofGas(options: { nobodyFinalizes?: boolean } = {}): Promise<ProofGas> {
  const test = await startTestChain({ profile: 'real' })
  try {
    const clock = await readEpochClock(test.chain)
    const { node, customer, held } = await filledSet(test)
    for (let i = 0; i < mostPeriods; i++) {
      const { period, seed } = await nextPeriod(test)
      const epoch = epochOf((await readLatestBlock(test.chain)).timestampSeconds, clock)
      if (options.nobodyFinalizes !== true) {
        await sendAndWait(test.funder, encodeFinalizeEpoch(test.network, { epoch: epoch - 1 }), { timeoutMs })
      }
      const { leaves, proof } = await prove(test, customer, node, held, { period, seed })
      if (i >= 2 && isDearest(leaves, epoch)) return proof
    }
    throw new Error(`None of ${mostPeriods} periods drew five pieces in five words in the first epoch of four.`)
  } finally {
    await test.stop()
  }
}

/** One period in twenty draws the dearest case. */
const mostPeriods = 400
/** Pieces whose leaf counts share a word of the sum tree. */
const piecesPerWord = 8
/** Epochs whose totals share a word. */
const epochsPerWord = 4

function isDearest(leaves: readonly bigint[], epoch: number): boolean {
  const words = leaves.map((leaf) => Math.floor(Number(leaf) / 2 ** height / piecesPerWord))
  return new Set(words).size === challenges && epoch % epochsPerWord === 0
}

async function filledSet(test: TestChain): Promise<{ node: Wallet; customer: Wallet; held: TestPiece[] }> {
  const { node } = await boundNode(test)
  const customer = await fundedWallet(test, parseEther('1000'))
  const held = Array.from({ length: pieces }, (_unused, i) => uniformPiece(getBytes(keccak256(toBeHex(i, 32))), height))
  const batch = { pricePerGiBPeriodWei: parseEther('1'), depositWei: parseEther('900') }
  await sendAndWait(customer, await addPiecesCall(test, customer.address, node, held, batch), { timeoutMs })
  return { node, customer, held }
}

async function prove(
  test: TestChain,
  customer: Wallet,
  node: Wallet,
  held: TestPiece[],
  { period, seed }: { period: number; seed: string },
): Promise<{ leaves: bigint[]; proof: ProofGas }> {
  const set = await readDataSet(test.chain, customer.address, node.address)
  const leaves = storageChallenges(seed, dataSetId(customer.address, node.address), period, set!.frozenLeafCount)
  const proofs = proveLeaves(held, leaves)
  const call = encodeProvePossession(test.network, { customer: customer.address, node: node.address, period, proofs })
  const receipt = await sendAndWait(test.funder, call, { timeoutMs })
  return { leaves, proof: compare(Number(receipt.gasUsed), getBytes(call.data)) }
}

function compare(gasUsed: number, calldata: Uint8Array): ProofGas {
  const zeros = calldata.filter((byte) => byte === 0).length
  const others = calldata.length - zeros
  const calldataFloor = transactionGas + 10 * (zeros + 4 * others)
  const calldataGas = 4 * zeros + 16 * others
  const sha256Gas = challenges * height * sha256CallGas
  const storageGas = updates * updateGas
  const executionFloor = transactionGas + calldataGas + sha256Gas + storageGas
  const parts = { calldataFloor, executionFloor, calldataBytes: calldata.length, calldataGas, sha256Gas, storageGas }
  return { gasUsed, floor: Math.max(calldataFloor, executionFloor), parts }
}
