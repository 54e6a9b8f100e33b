import { parseEther, randomBytes, hexlify, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fundedWallet, signTyped } from '../script/testing/actors.ts'
import { startTestChain, type TestChain } from '../script/testing/practice-chain.ts'
import {
  commitCall,
  newRenderHome,
  nextTurn,
  postRenderJob,
  type RenderHome,
  renderTerms,
  resultOf,
  takeWorkCall,
} from '../script/testing/render-actors.ts'
import {
  concedeTypedData,
  encodeAcceptRender,
  encodeCancelRenderJob,
  encodeCloseRenderJob,
  encodeConcedeRender,
  encodeDrawPanel,
  encodeDrawRenderUnits,
  encodeEvictWorkers,
  encodeMissRender,
  encodePanelVote,
  encodeRedrawRenderUnits,
  encodeRejectRender,
  encodeReleaseRender,
  encodeRevealPanelVote,
  encodeRevealRender,
  encodeSettlePanel,
  encodeStopWork,
  encodeTopUpRenderJob,
  listRenderJobIds,
  listRenderWorkers,
  panelCommitment,
  panelVoteTypedData,
  readOpenRenderWork,
  readOperatorEarnings,
  readRenderBond,
  readRenderEvents,
  readRenderJob,
  readRenderPanel,
  readRenderTasks,
  readRenderTiming,
  readRenderUnits,
  readRenderWeight,
  readRenderWorker,
  renderTaskOf,
  renderTurnAt,
  readLatestBlock,
  type ChainCall,
  seedSlotOfTurn,
  sendAndWait,
  stopWorkTypedData,
} from './index.ts'

const timeoutMs = 20_000
const replicas = 2
let test: TestChain
let homes: RenderHome[]
let customer: Wallet

beforeAll(async () => {
  test = await startTestChain()
  homes = []
  for (let index = 0; index < 7; index++) {
    homes.push(await newRenderHome(test))
    await send(await takeWorkCall(test, homes[index]!.node))
  }
  customer = await fundedWallet(test, parseEther('1000'))
}, 90_000)

afterAll(() => test.stop())

async function send(call: ChainCall, from?: Wallet): Promise<void> {
  await sendAndWait(from ?? test.funder, call, { timeoutMs })
}

function walletOf(address: string): Wallet {
  return homes.map(({ node }) => node).find((node) => node.address === address)!
}

/** A job of one unit with both results revealed. */
async function revealedJob(): Promise<string> {
  const jobId = await postRenderJob(test, customer, renderTerms())
  await nextTurn(test, homes)
  await send(encodeDrawRenderUnits(test.network, { jobId, count: 1 }))
  for (const { node } of homes) {
    const commit = await commitCall(test, { jobId, replicas }, node)
    if (commit !== null) await send(commit.call)
  }
  await send(encodeRevealRender(test.network, { jobId, openings: [resultOf(0), resultOf(1)] }))
  return jobId
}

describe('a render job through the client', () => {
  it('is posted, drawn, committed to, revealed, accepted and paid, and its events tell it', async () => {
    const { network, chain } = test
    const fromBlock = await chain.provider.getBlockNumber()
    const jobId = await revealedJob()
    const job = (await readRenderJob(chain, jobId))!
    expect(job).toMatchObject({ jobId, customer: customer.address, drawnUnits: 1, openTasks: 2, endTurn: null })
    expect(job.terms).toEqual(renderTerms())
    const [unit] = await readRenderUnits(chain, jobId)
    expect(unit).toMatchObject({ unit: 0, draws: 1, committed: 2, revealed: 2 })
    await send(encodeAcceptRender(network, { jobId, tasks: [0] }), customer)
    const tasks = await readRenderTasks(chain, { jobId, replicas })
    expect(tasks.map(({ state }) => state)).toEqual(['accepted', 'revealed'])
    expect(tasks[1]).toMatchObject({ task: renderTaskOf(0, 1, replicas), unit: 0, replica: 1 })
    const node = tasks[0]!.node!
    await send(encodeReleaseRender(network, { jobId, node, releases: [resultOf(0)] }))
    const { operator } = homes.find((home) => home.node.address === node)!
    expect((await readOperatorEarnings(chain, operator.address)).earnedWei).toBe(parseEther('0.95'))
    expect(await readRenderWorker(chain, node)).toMatchObject({ acceptedUnits: 1, openTasks: 0, inPool: true })
    const toBlock = await chain.provider.getBlockNumber()
    const events = await readRenderEvents(chain, { fromBlock, toBlock, jobId })
    expect(events.map(({ kind }) => kind)).toEqual([
      'jobPosted',
      ...['taskDrawn', 'taskDrawn', 'taskCommitted', 'taskCommitted', 'taskRevealed', 'taskRevealed'],
      ...['taskAccepted', 'taskPaid'],
    ])
    expect(events[0]).toMatchObject({ customer: customer.address, number: 0, terms: renderTerms() })
    expect(events.at(-1)).toMatchObject({ node, task: 0, key: resultOf(0).key })
    const own = await readRenderEvents(chain, { fromBlock, toBlock, node, names: ['JobPosted', 'TaskPaid'] })
    expect(own.map(({ kind }) => kind)).toEqual(['taskPaid'])
    expect(await listRenderJobIds(chain)).toEqual([jobId])
    expect(await listRenderJobIds(chain, 1)).toEqual([])
  }, 60_000)

  it('lets a drawn panel decide over a rejected result', async () => {
    const { network, chain } = test
    const jobId = await revealedJob()
    const balance = async () => (await readRenderJob(chain, jobId))!.escrowWei
    await send(encodeRejectRender(network, { jobId, task: 0, cells: [3, 4] }), customer)
    expect(await readRenderBond(chain, jobId)).toBe(parseEther('0.25'))
    const { firstTurn, voteBySeconds } = await readRenderPanel(chain, { jobId, task: 0 })
    expect(voteBySeconds).toBeNull()
    const timing = await readRenderTiming(chain)
    const { timestampSeconds } = await readLatestBlock(chain)
    expect(firstTurn).toBe(renderTurnAt(timestampSeconds, timing) + 1)
    expect(seedSlotOfTurn(firstTurn!, timing)).toBe(firstTurn! * 3)
    await nextTurn(test, homes)
    await send(encodeDrawPanel(network, { jobId, task: 0 }))
    const panel = await readRenderPanel(chain, { jobId, task: 0 })
    expect(panel.seats).toHaveLength(5)
    const salt = hexlify(randomBytes(32))
    for (const { member } of panel.seats) {
      const commitment = panelCommitment({ jobId, task: 0, member, vote: 'wrong', salt })
      const vote = { jobId, task: 0, member, commitment, voteBySeconds: panel.voteBySeconds! }
      const signature = await signTyped(walletOf(member), panelVoteTypedData(network, vote))
      await send(encodePanelVote(network, { ...vote, signature }))
    }
    await test.passSeconds(panel.voteBySeconds! - (await readLatestBlock(chain)).timestampSeconds + 1)
    for (const { member } of panel.seats) {
      await send(encodeRevealPanelVote(network, { jobId, task: 0, member, vote: 'wrong', salt }))
    }
    const seats = (await readRenderPanel(chain, { jobId, task: 0 })).seats
    expect(seats.every(({ voted, vote }) => voted && vote === 'wrong')).toBe(true)
    expect(await balance()).toBe(parseEther('2'))
    await send(encodeSettlePanel(network, { jobId, task: 0 }))
    expect(await balance()).toBe(parseEther('1'))
    const toBlock = await chain.provider.getBlockNumber()
    const last = await readRenderEvents(chain, {
      fromBlock: 0,
      toBlock,
      jobId,
      names: ['DisputeConcluded', 'TaskRejected'],
    })
    expect(last).toMatchObject([
      { kind: 'taskRejected', cells: [3, 4], bondWei: parseEther('0.25') },
      { kind: 'disputeConcluded', verdict: 'wrong', slashedWei: parseEther('10') },
    ])
  }, 60_000)

  it('is conceded, missed, drawn anew, cancelled and closed', async () => {
    const { network, chain } = test
    const jobId = await revealedJob()
    await send(encodeRejectRender(network, { jobId, task: 1, cells: [] }), customer)
    const [, disputed] = await readRenderTasks(chain, { jobId, replicas })
    const dispute = { jobId, task: 1, rejectedAtSeconds: disputed!.changedAtSeconds }
    const signature = await signTyped(walletOf(disputed!.node!), concedeTypedData(network, dispute))
    await send(encodeConcedeRender(network, { jobId, task: 1, signature }))
    await test.passSeconds(125)
    await send(encodeMissRender(network, { jobId, tasks: [0] }))
    const states = (await readRenderTasks(chain, { jobId, replicas })).map(({ state }) => state)
    expect(states).toEqual(['missed', 'refused'])
    await send(encodeTopUpRenderJob(network, { jobId, amountWei: parseEther('1') }), customer)
    await nextTurn(test, homes)
    await send(encodeRedrawRenderUnits(network, { jobId, units: [0] }))
    expect((await readRenderUnits(chain, jobId))[0]!.draws).toBe(2)
    await test.passSeconds(41)
    await send(encodeMissRender(network, { jobId, tasks: [0, 1] }))
    await send(encodeCloseRenderJob(network, { jobId }), customer)
    expect((await readRenderJob(chain, jobId))!.escrowWei).toBe(0n)
    const other = await postRenderJob(test, customer, renderTerms())
    await send(encodeCancelRenderJob(network, { jobId: other }), customer)
    expect((await readRenderJob(chain, other))!.endTurn).not.toBeNull()
    expect(await readRenderJob(chain, `0x${'0'.repeat(64)}`)).toBeNull()
  }, 60_000)

  it('shows who is in the pool, and lets homes go', async () => {
    const { network, chain } = test
    await nextTurn(test, homes)
    await nextTurn(test, homes)
    const workers = await listRenderWorkers(chain)
    expect(workers.map(({ node }) => node).sort()).toEqual(homes.map(({ node }) => node.address).sort())
    expect(await readRenderWeight(chain, { backEndClass: 0, tier: 0 })).toBe(
      workers.reduce((sum, { weight }) => sum + weight, 0),
    )
    expect(await readOpenRenderWork(chain, homes[0]!.operator.address)).toEqual({ tasks: 0, priceWei: 0n })
    const [leaver, sleeper] = [homes[0]!.node, homes[1]!.node]
    const { untilSeconds } = await readRenderWorker(chain, leaver.address)
    const offer = { node: leaver.address, untilSeconds }
    const signature = await signTyped(leaver, stopWorkTypedData(network, offer))
    await send(encodeStopWork(network, { node: leaver.address, signature }))
    expect((await readRenderWorker(chain, leaver.address)).inPool).toBe(false)
    await test.passSeconds(61)
    await send(encodeEvictWorkers(network, { nodes: [sleeper.address] }))
    expect((await readRenderWorker(chain, sleeper.address)).inPool).toBe(false)
  }, 60_000)
})
