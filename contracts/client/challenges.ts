import { AbiCoder, keccak256 } from 'ethers'

/** Challenges that a period's proof must answer; the same constant stands in Possession.sol. */
export const challengesPerPeriod = 5

/**
 * Leaf indexes that a period draws from a data set, in the order in which a proof answers them: challenge i is
 * uint256(keccak256(abi.encode(seed, setId, period, i))) modulo the leaf count that was frozen at the period's opening.
 * An index counts the leaves of all pieces that are not removed, in order of their number. Throws a RangeError for an
 * empty set.
 */
export function storageChallenges(
  seed: string,
  setId: string,
  period: number | bigint,
  frozenLeafCount: number | bigint,
): bigint[] {
  const leaves = BigInt(frozenLeafCount)
  if (leaves <= 0n) throw new RangeError('A set without leaves has no challenges.')
  const coder = AbiCoder.defaultAbiCoder()
  return Array.from({ length: challengesPerPeriod }, (_unused, i) => {
    const draw = keccak256(coder.encode(['bytes32', 'bytes32', 'uint256', 'uint256'], [seed, setId, period, i]))
    return BigInt(draw) % leaves
  })
}

/** Name of a (customer, node) pair's data set on chain. */
export function dataSetId(customer: string, node: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'address'], [customer, node]))
}

/** Leaves of 32 bytes that a piece has; the last one is padded with zeros. */
export function leafCountOfLength(lengthBytes: number): number {
  return Math.ceil(lengthBytes / 32)
}

/** Siblings in a proof: ceil(log2(leaves)). */
export function treeHeight(leafCount: number): number {
  return leafCount <= 1 ? 0 : Math.ceil(Math.log2(leafCount))
}
