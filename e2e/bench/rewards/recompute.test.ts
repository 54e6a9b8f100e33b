import { concat, keccak256, solidityPackedKeccak256 } from 'ethers'
import { expect, test } from 'vitest'
import { recomputeEpoch } from '../../../contracts/rewards/index.ts'
import { amountsOf, buildMerkleDrop } from './merkle-drop.ts'
import { makePayments } from './payments.ts'
import { digestOf, timeRecomputation } from './recompute.ts'

const stream = { operators: 200, payments: 3000, epoch: 2, seed: 1 }

test('the same seed makes the same payments, to every operator, and others make others', () => {
  const all = [...makePayments(stream)].flat()
  expect(all).toEqual([...makePayments(stream)].flat())
  expect(all).toHaveLength(stream.operators + stream.payments)
  const inEpoch = all.filter(({ epoch }) => epoch === stream.epoch)
  expect(new Set(inEpoch.map(({ operator }) => operator)).size).toBe(stream.operators)
  expect(new Set(all.map(({ role }) => role))).toEqual(new Set([0, 1, 2, 3, 4]))
  expect([...makePayments({ ...stream, seed: 2 })].flat()).not.toEqual(all)
})

test('what is timed is what the command computes', () => {
  const { recomputed, stages, wallSeconds } = timeRecomputation(stream)
  const plainly = recomputeEpoch(makePayments(stream), stream.epoch)
  expect(digestOf(recomputed)).toBe(digestOf(plainly))
  expect(stages.addUp + stages.shareOut).toBeCloseTo(wallSeconds, 3)
})

test('the peer has a leaf for every operator, and its root is what another library makes of the rules', () => {
  const { recomputed } = timeRecomputation(stream)
  expect(buildMerkleDrop(amountsOf(recomputed)).leaves).toBe(stream.operators)
  const amounts = [1n, 2n, 3n].map((wei) => [`0x${wei.toString().padStart(40, '0')}`, wei] as const)
  const leaves = amounts.map((leaf) => solidityPackedKeccak256(['address', 'uint256'], leaf)).toSorted()
  const pair = [keccak256(concat(leaves.slice(0, 2))), leaves[2]!].toSorted()
  expect(`0x${buildMerkleDrop(new Map(amounts)).root}`).toBe(keccak256(concat(pair)))
})
