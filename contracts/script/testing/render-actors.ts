import { keccak256, parseEther, type Wallet, toBeHex } from 'ethers'
import {
  encodeCommitRender,
  encodePostRenderJob,
  encodeStakeFor,
  encodeApprove,
  encodeTakeWork,
  marketOfRole,
  readLatestBlock,
  readRenderTasks,
  readRenderTiming,
  renderCommitment,
  renderCommitTypedData,
  renderJobId,
  type RenderJobTerms,
  type RenderOpening,
  sendAndWait,
  takeWorkTypedData,
  countRenderJobs,
} from '../../client/index.ts'
import { authorizeCall, newWallet, nextPeriod, signTyped } from './actors.ts'
import type { TestChain } from './practice-chain.ts'

const timeoutMs = 20_000

/** A home that renders, bound to an operator of its own. */
export type RenderHome = { readonly operator: Wallet; readonly node: Wallet }

/** A home with a provision that lets it hold many tasks; not in the pool yet. */
export async function newRenderHome(test: TestChain): Promise<RenderHome> {
  const { network, funder } = test
  const home = { operator: newWallet(test), node: newWallet(test) }
  const bind = await authorizeCall(test, home.operator, [{ wallet: home.node, role: 'render' }])
  await sendAndWait(funder, bind, { timeoutMs })
  await sendAndWait(funder, encodeApprove(network, { spender: network.contracts.Registry }), { timeoutMs })
  const market = marketOfRole(network, 'render')
  const stake = encodeStakeFor(network, { operator: home.operator.address, amountWei: parseEther('1000'), market })
  await sendAndWait(funder, stake, { timeoutMs })
  return home
}

/** A node's offer for as long as one may sign for. */
export async function takeWorkCall(test: TestChain, node: Wallet) {
  const [{ expirySeconds }, { timestampSeconds }] = await Promise.all([
    readRenderTiming(test.chain),
    readLatestBlock(test.chain),
  ])
  const offer = { node: node.address, backEndClass: 0, capacity: 32, untilSeconds: timestampSeconds + expirySeconds }
  const signature = await signTyped(node, takeWorkTypedData(test.network, offer))
  return encodeTakeWork(test.network, { ...offer, signature })
}

/** Terms that nothing in these tests depends on. */
export function renderTerms(changes: Partial<RenderJobTerms> = {}): RenderJobTerms {
  return {
    specHash: keccak256('0x01'),
    sceneHash: keccak256('0x02'),
    unitCount: 1,
    replicas: 2,
    tier: 0,
    backEndClass: 0,
    commitSeconds: 40,
    unitKilosamples: 4_000,
    pricePerUnitWei: parseEther('1'),
    ...changes,
  }
}

/** Posts a job of a customer and tells its id. */
export async function postRenderJob(test: TestChain, customer: Wallet, terms: RenderJobTerms): Promise<string> {
  const number = await countRenderJobs(test.chain, customer.address)
  await sendAndWait(customer, encodePostRenderJob(test.network, terms), { timeoutMs })
  return renderJobId(customer.address, number)
}

/** Goes to the next turn of drawing with its seed captured; homes stay in the pool. Turns and proving periods of practice are one. */
export async function nextTurn(test: TestChain, homes: readonly RenderHome[]): Promise<void> {
  // An offer must reach further than the one before.
  await test.passSeconds(1)
  for (const { node } of homes) await sendAndWait(test.funder, await takeWorkCall(test, node), { timeoutMs })
  await nextPeriod(test)
}

/** Made-up roots, salt and key of a task, always the same. */
export function resultOf(task: number): RenderOpening & { readonly key: string } {
  const word = (kind: number) => keccak256(toBeHex(task * 8 + kind, 32))
  const key = word(4)
  return {
    task,
    salt: word(1),
    resultRoot: word(2),
    cipherRoot: word(3),
    keyHash: keccak256(key),
    key,
  }
}

/** The call by which a home commits to all of its drawn tasks of a job, or null when it has none. */
export async function commitCall(
  test: TestChain,
  job: { readonly jobId: string; readonly replicas: number },
  node: Wallet,
) {
  const tasks = (await readRenderTasks(test.chain, job)).filter(
    (task) => task.node === node.address && task.state === 'drawn',
  )
  if (tasks.length === 0) return null
  const commitments = tasks.map(({ task, unit }) =>
    renderCommitment({ jobId: job.jobId, unit, node: node.address, ...resultOf(task) }),
  )
  const batch = { jobId: job.jobId, node: node.address, tasks: tasks.map(({ task }) => task), commitments }
  const signature = await signTyped(node, renderCommitTypedData(test.network, batch))
  return { tasks: batch.tasks, call: encodeCommitRender(test.network, { ...batch, signature }) }
}
