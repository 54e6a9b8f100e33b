import { dataLength, getBytes } from 'ethers'
import { expect, it } from 'vitest'
import { interfaces } from '../client/index.ts'
import { allowedGrowth, measureGas, readSnapshot } from './gas-snapshot.ts'
import { measureProofGas } from './measure-proof-gas.ts'
import { startTestChain } from './testing/practice-chain.ts'

it('no call got dearer by more than a hundredth than contracts/gas-snapshot.json says', async () => {
  const recorded = readSnapshot()
  const measured = await measureGas()
  expect(Object.keys(measured).sort()).toEqual(Object.keys(recorded).sort())
  const dearer = Object.entries(measured).filter(([name, gas]) => gas > recorded[name]! * (1 + allowedGrowth))
  expect(dearer).toEqual([])
}, 120_000)

/** What the recorded figures promise; the test above holds the contracts to them. */
it('a claim costs at most 85,000 at first and 68,000 later beside its sentence, and 8,000 for each further role', () => {
  const gas = readSnapshot()
  const sentence = gas['sentence of a claim, part of each']!
  const [first, later] = [gas['claim of fees and rewards, first']!, gas['claim of fees and rewards, later']!]
  expect(sentence).toBeLessThanOrEqual(20_000)
  expect(first - sentence).toBeLessThanOrEqual(85_000)
  expect(later - sentence).toBeLessThanOrEqual(68_000)
  const [ofFive, muchLater] = [
    gas['claim of fees and rewards, later of five roles']!,
    gas['claim of fees and rewards, later, 50 epochs on']!,
  ]
  expect((ofFive - later) / 4).toBeLessThanOrEqual(8_000)
  // Small steps come from zero bytes in the calldata, none from the number of epochs.
  expect(Math.abs(muchLater - ofFive)).toBeLessThan(100)
})

it('a possession proof of five challenges costs at most a quarter more than its floor', async () => {
  const { gasUsed, floor, parts } = await measureProofGas()
  expect(floor).toBe(Math.max(parts.calldataFloor, parts.executionFloor))
  expect(gasUsed).toBeGreaterThan(floor)
  expect(gasUsed / floor).toBeLessThanOrEqual(1.25)
}, 60_000)

it('rebuilding a sentence costs under 20,000, the call and its answer included', async () => {
  const test = await startTestChain()
  try {
    const operator = test.funder.address
    const data = interfaces.Payments.encodeFunctionData('claimSentence', [operator, 12_345_678, 7, 29_935_440])
    const gas = await test.chain.provider.estimateGas({ to: test.network.contracts.Payments, data })
    const zeros = getBytes(data).filter((byte) => byte === 0).length
    const calldata = 4 * zeros + 16 * (dataLength(data) - zeros)
    expect(Number(gas) - 21_000 - calldata).toBeLessThan(20_000)
  } finally {
    await test.stop()
  }
})
