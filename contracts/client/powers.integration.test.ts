import { afterAll, beforeAll, expect, it } from 'vitest'
import { fundedWallet } from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import { interfaces, readPowers, sendAndWait } from './index.ts'

let test: TestChain

beforeAll(async () => {
  test = await startTestChain()
}, 30_000)

afterAll(async () => {
  await test.stop()
})

async function asAdmin(method: string, args: readonly unknown[]): Promise<void> {
  const data = interfaces.Stewardship.encodeFunctionData(method, args)
  await sendAndWait(test.funder, { to: test.network.contracts.Stewardship, data }, { timeoutMs: 20_000 })
}

it('tells who holds which power, and what is announced for when', async () => {
  const before = await readPowers(test.chain)
  expect(before).toMatchObject({ admin: test.funder.address, proposedAdmin: null, guard: null, paused: false })
  expect(before).toMatchObject({ proposedMinter: null, successor: null, newWorkAllowed: true })
  const guard = await fundedWallet(test)
  await asAdmin('setGuard', [guard.address])
  const pause = interfaces.Stewardship.encodeFunctionData('pauseNewWork')
  await sendAndWait(guard, { to: test.network.contracts.Stewardship, data: pause }, { timeoutMs: 20_000 })
  await asAdmin('nameSuccessor', [guard.address])
  await asAdmin('proposeAdmin', [guard.address])
  const after = await readPowers(test.chain)
  expect(after).toMatchObject({ guard: guard.address, proposedAdmin: guard.address, paused: true })
  expect(after.newWorkAllowed).toBe(false)
  const { timestampSeconds } = await test.chain.provider
    .getBlock('latest')
    .then((block) => ({ timestampSeconds: block!.timestamp }))
  expect(after.successor?.address).toBe(guard.address)
  expect(after.successor!.effectiveAtSeconds - timestampSeconds).toBeLessThanOrEqual(120)
}, 30_000)
