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
}, 60_000)

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
