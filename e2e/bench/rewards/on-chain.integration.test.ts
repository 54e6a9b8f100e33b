import { expect, it } from 'vitest'
import { compareWithChain } from './on-chain.ts'

it('the shares of operators with several roles, paid over three epochs on a chain, are the contract’s to the wei', async () => {
  const { differing, compared, payments } = await compareWithChain(3, 7)
  expect(differing).toEqual([])
  expect(compared).toBeGreaterThan(30)
  expect(payments).toBeGreaterThan(5)
}, 120_000)
