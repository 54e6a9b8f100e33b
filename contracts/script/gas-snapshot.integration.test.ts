import { expect, it } from 'vitest'
import { allowedGrowth, measureGas, readSnapshot } from './gas-snapshot.ts'
import { measureProofGas } from './measure-proof-gas.ts'

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
