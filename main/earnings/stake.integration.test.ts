import { parseEther, randomBytes, Wallet } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeDrop,
  encodeFinish,
  encodeSettle,
  readLatestBlock,
  readMovements,
  readTokenBalance,
  sendAndWait,
} from '../../contracts/client/index.ts'
import { addPiecesCall, nextPeriod } from '../../contracts/script/testing/actors.ts'
import type { TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { pieceOfBytes } from '../../contracts/script/testing/trees.ts'
import { openStakeBook, withdrawStake } from './index.ts'
import { openConsentWorld, type ConsentWorld } from './testing/consent-world.ts'

const timeoutMs = 20_000
let world: ConsentWorld
let chain: TestChain
let operator: Wallet
let node: Wallet
let customer: Wallet

beforeAll(async () => {
  world = await openConsentWorld()
  ;({ chain, operator, customer } = world)
  node = new Wallet(world.roleKeys.storage.privateKeyHex, chain.chain.provider)
  await world.give({ kind: 'authorize' })
  await world.earn('40')
}, 60_000)

afterAll(() => world.close())

async function move(kind: 'stake' | 'unstake', micro: bigint): Promise<string> {
  const shown: string[] = []
  const { sentence } = await world.give({ kind, micro: micro.toString() }, shown)
  expect(shown).toEqual([sentence.text])
  return sentence.text
}

const book = () => openStakeBook({ chain: chain.chain, operator: operator.address, node: node.address })
const withdraw = () =>
  withdrawStake({ chain: chain.chain, operator: operator.address, sender: world.sender, signal: world.signal })

test('a stake comes from what was earned, by the sentence that was shown, and the books still add up', async () => {
  expect((await book().refresh()).provisionWei).toBe('0')
  const text = await move('stake', 20_000_000n)
  expect(text.split('\n').slice(0, 4)).toEqual([
    ...['PRACTICE, no value', 'Hearth: stake', '20.000000 PLAY', 'for storage by'],
  ])
  const { earnedWei, claimedWei, claimableWei, movedToStakeWei } = await world.earnings()
  expect(movedToStakeWei).toBe(parseEther('20'))
  expect(earnedWei).toBe(claimedWei + claimableWei + movedToStakeWei)
  const view = await book().refresh()
  expect(view).toMatchObject({ provisionWei: String(parseEther('20')), atRiskWei: String(parseEther('20')), taken: [] })
})

test('refusals are told in words', async () => {
  await expect(move('stake', 1_000_000_000n)).rejects.toMatchObject({
    code: 'NOT_ENOUGH_EARNED',
    // Fees, and by then perhaps the reward of an epoch that has ended.
    message: expect.stringMatching(/^Only \d+\.\d00000 PLAY can be staked from what was earned\.$/) as string,
  })
  await expect(move('unstake', 1_000_000_000n)).rejects.toMatchObject({ code: 'NOT_ENOUGH_STAKED' })
  await expect(withdraw()).rejects.toMatchObject({ code: 'NOTHING_UNBONDING' })
})

test('what the view says the next missed proof costs is what the chain takes, and the reason is told', async () => {
  const { network } = chain
  const pair = { customer: customer.address, node: node.address }
  const batch = { pricePerGiBPeriodWei: parseEther('100'), depositWei: parseEther('10') }
  const call = await addPiecesCall(chain, customer.address, node, [pieceOfBytes(randomBytes(512))], batch)
  await sendAndWait(customer, call, { timeoutMs })
  const followed = book()
  await nextPeriod(chain)
  const costs: string[] = []
  for (let missed = 1; missed <= 4; missed++) {
    const before = await followed.refresh()
    await nextPeriod(chain)
    await sendAndWait(chain.funder, encodeSettle(network, pair), { timeoutMs })
    const after = await followed.refresh()
    expect(after.faultsInWindow).toBe(missed)
    const taken = BigInt(before.provisionWei) - BigInt(after.provisionWei)
    expect(before.nextFaultCostsWei).toBe(taken.toString())
    costs.push(taken.toString())
  }
  expect(costs).toEqual(['0', '0', String(parseEther('0.2')), String(parseEther('0.198'))])
  const view = await followed.refresh()
  expect(view).toEqual(await book().refresh())
  expect(view.slashedWei).toBe(String(parseEther('0.398')))
  expect(view.taken.map((taken) => taken.customer)).toEqual([customer.address, customer.address])
  expect(view.taken[0]!.missedAtMs! - view.taken[1]!.missedAtMs!).toBe(30_000)
  expect(view.openSets).toBe(1)
  // Burned stake was earned and moved before; it is no line of the books a second time.
  const toBlock = (await readLatestBlock(chain.chain)).number
  const movements = await readMovements(chain.chain, operator.address, { fromBlock: 0, toBlock })
  const slashed = new Set(view.taken.map((taken) => taken.transactionHash))
  expect(slashed.size).toBe(2)
  expect(movements.filter((movement) => slashed.has(movement.transactionHash))).toEqual([])
}, 60_000)

test('a stake stays while pieces are kept, waits after that, and then comes back', async () => {
  await expect(move('unstake', 1_000_000n)).rejects.toMatchObject({ code: 'WORK_OPEN' })
  await sendAndWait(customer, encodeDrop(chain.network, { node: node.address }), { timeoutMs })
  await nextPeriod(chain)
  await nextPeriod(chain)
  const pair = { customer: customer.address, node: node.address }
  await sendAndWait(chain.funder, encodeFinish(chain.network, pair), { timeoutMs })
  await move('unstake', 5_000_000n)
  const waiting = await book().refresh()
  expect(waiting.unbondingWei).toBe(String(parseEther('5')))
  await expect(withdraw()).rejects.toMatchObject({ code: 'STILL_UNBONDING' })
  await chain.passSeconds(180)
  await withdraw()
  expect(await readTokenBalance(chain.chain, operator.address)).toBe(parseEther('5'))
  const after = await book().refresh()
  expect(BigInt(after.provisionWei)).toBe(BigInt(waiting.provisionWei) - parseEther('5'))
  expect(after.unbondingEndsAtMs).toBeNull()
}, 60_000)
