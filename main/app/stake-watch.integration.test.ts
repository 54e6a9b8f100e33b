import { randomBytes } from 'node:crypto'
import { parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  composeUnstakeSentence,
  createTransactionSender,
  encodeDrop,
  encodeFinish,
  encodeSettle,
  encodeUnstake,
  readLatestBlock,
  readOperatorNumbers,
  readTokenBalance,
  sendAndWait,
  sentenceDeadline,
  type TransactionSender,
} from '../../contracts/client/index.ts'
import { addPiecesCall, boundNode, fundedWallet, nextPeriod } from '../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { pieceOfBytes } from '../../contracts/script/testing/trees.ts'
import { silentLog } from '../../roles/api/values.ts'
import { watchStake, type StakeWatch } from './stake-watch.ts'

const timeoutMs = 20_000
let chain: TestChain
let operator: Wallet
let node: Wallet
let customer: Wallet
let sender: TransactionSender
let watch: StakeWatch
let changes = 0
const told: {
  level: string
  code: string
  values: Readonly<Record<string, unknown>>
  transactionHash: string | null
}[] = []

beforeAll(async () => {
  chain = await startTestChain()
  ;({ operator, node } = await boundNode(chain, parseEther('20')))
  customer = await fundedWallet(chain, parseEther('1000'))
  sender = createTransactionSender(chain.chain, await fundedWallet(chain))
  const roleKeys = { storage: { address: node.address } }
  watch = watchStake({
    session: { chain: chain.chain, operator: operator.address, sender, roleKeys },
    onTold: (level, code, values, transactionHash) => void told.push({ level, code, values, transactionHash }),
    onChange: () => void changes++,
    log: silentLog,
  })
}, 60_000)

afterAll(async () => {
  vi.useRealTimers()
  watch.stop()
  sender.close()
  await chain.stop()
})

/** Waits for what the watch shows, which is asked to look anew each time, as after an event of the chain. */
async function shown(read: () => unknown, wanted: unknown): Promise<void> {
  const look = (): unknown => {
    watch.poke()
    return read()
  }
  await expect.poll(look, { timeout: 30_000, interval: 200 }).toEqual(wanted)
}

test('shows the stake as it is on the chain, and tells that the picture changed', async () => {
  await shown(() => watch.view()?.provisionWei, String(parseEther('20')))
  expect(changes).toBeGreaterThan(0)
  expect(told).toEqual([])
}, 40_000)

test('tells once what was taken, with the transaction that took it', async () => {
  const { network } = chain
  const batch = { pricePerGiBPeriodWei: parseEther('100'), depositWei: parseEther('10') }
  const call = await addPiecesCall(chain, customer.address, node, [pieceOfBytes(randomBytes(512))], batch)
  await sendAndWait(customer, call, { timeoutMs })
  // The third period without a proof is the first that costs stake.
  for (let period = 0; period < 4; period++) await nextPeriod(chain)
  const pair = { customer: customer.address, node: node.address }
  const { hash } = await sendAndWait(chain.funder, encodeSettle(network, pair), { timeoutMs })
  await shown(() => told.length, 1)
  const taken = { level: 'warning', code: 'stakeTaken', values: { amountWei: String(parseEther('0.2')) } }
  expect(told[0]).toEqual({ ...taken, transactionHash: hash })
  expect(watch.view()).toMatchObject({
    provisionWei: String(parseEther('19.8')),
    slashedWei: String(parseEther('0.2')),
  })
  await shown(() => told.length, 1)
}, 60_000)

test('pays out what has unbonded, when it has and not before', async () => {
  const { network } = chain
  await sendAndWait(customer, encodeDrop(network, { node: node.address }), { timeoutMs })
  await nextPeriod(chain)
  await nextPeriod(chain)
  const pair = { customer: customer.address, node: node.address }
  await sendAndWait(chain.funder, encodeFinish(network, pair), { timeoutMs })
  told.length = 0
  const { next: number } = await readOperatorNumbers(chain.chain, operator.address, 'unstake')
  const deadlineSeconds = sentenceDeadline((await readLatestBlock(chain.chain)).timestampSeconds)
  const sentence = { operator: operator.address, micro: 5_000_000n, number, deadlineSeconds }
  const signature = await operator.signMessage(composeUnstakeSentence(network, sentence))
  await sendAndWait(chain.funder, encodeUnstake(network, { ...sentence, signature }), { timeoutMs })
  await shown(() => watch.view()?.unbondingWei, String(parseEther('5')))
  const endsAtMs = watch.view()!.unbondingEndsAtMs!
  expect(told.map(({ code }) => code)).not.toContain('stakeReturned')
  vi.useFakeTimers({ toFake: ['Date'], now: endsAtMs + 10_000 })
  await chain.passSeconds(190)
  await shown(
    () => told.filter(({ code }) => code === 'stakeReturned').map(({ values }) => values),
    [{ amountWei: String(parseEther('5')) }],
  )
  expect(await readTokenBalance(chain.chain, operator.address)).toBe(parseEther('5'))
  await shown(() => watch.view()?.unbondingEndsAtMs, null)
  expect(told.filter(({ code }) => code === 'stakeReturned')).toHaveLength(1)
}, 60_000)
