import { compareBytes, hashWords } from './words.ts'

/**
 * The settlers of a slot, the elected one first, then those who follow when it is silent: nodes with provision by ascending
 * keccak256(abi.encode(seed, slot, node)) (PROTOCOL 7.4). Nobody knows them before the seed, and nobody can choose them.
 */
export function rankSettlers(seed: string, slot: number, nodesWithProvision: readonly string[]): string[] {
  return nodesWithProvision
    .map((node) => ({ node, draw: hashWords(seed, slot, node) }))
    .sort((left, right) => compareBytes(left.draw, right.draw))
    .map(({ node }) => node)
}
