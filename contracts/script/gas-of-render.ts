import { parseEther, type Wallet } from 'ethers'
import {
  encodeAcceptRender,
  encodeCancelRenderJob,
  encodeCloseRenderJob,
  encodeDrawRenderUnits,
  encodeMissRender,
  encodePostRenderJob,
  encodeRejectRender,
  encodeReleaseRender,
  encodeRevealRender,
  readRenderTasks,
  readRenderUnits,
  sendAndWait,
} from '../client/index.ts'
import type { Meter } from './gas-snapshot.ts'
import { fundedWallet } from './testing/actors.ts'
import type { TestChain } from './testing/practice-chain.ts'
import {
  commitCall,
  newRenderHome,
  nextTurn,
  postRenderJob,
  type RenderHome,
  renderTerms,
  resultOf,
  takeWorkCall,
} from './testing/render-actors.ts'

const timeoutMs = 20_000
const replicas = 3

/**
 * A job's way with one unit and with ten. There are as many homes as replicas, so that each gets a task of every unit and the
 * figures do not depend on the draw.
 */
export async function measureRender(test: TestChain, meter: Meter): Promise<void> {
  const homes: RenderHome[] = []
  for (let index = 0; index < replicas; index++) homes.push(await newRenderHome(test))
  const customer = await fundedWallet(test, parseEther('1000'))
  const first = await takeWorkCall(test, homes[0]!.node)
  await meter('render takeWork, first of a network', first)
  for (const { node } of homes.slice(1)) {
    await sendAndWait(test.funder, await takeWorkCall(test, node), { timeoutMs })
  }
  await test.passSeconds(1)
  await meter('render takeWork, renewed', await takeWorkCall(test, homes[0]!.node))
  await meterJob(test, meter, { homes, customer, units: 1 })
  await meterJob(test, meter, { homes, customer, units: 10 })
  await meterTrouble(test, meter, { homes, customer })
}

type Parties = { readonly homes: readonly RenderHome[]; readonly customer: Wallet }

async function meterJob(test: TestChain, meter: Meter, o: Parties & { readonly units: number }): Promise<void> {
  const { network } = test
  const terms = renderTerms({ unitCount: o.units, replicas })
  const label = o.units === 1 ? 'one task' : `${o.units} tasks`
  if (o.units === 1) await meter('render postJob', encodePostRenderJob(network, terms), o.customer)
  const jobId = await postRenderJob(test, o.customer, terms)
  await nextTurn(test, o.homes)
  await meter(
    `render draw, ${o.units === 1 ? 'one unit' : `${o.units} units`}, three replicas`,
    encodeDrawRenderUnits(network, { jobId, count: o.units }),
  )
  // The last home's calls are measured: by then the job's own words are not new any more.
  for (const { node } of o.homes) {
    const { call } = (await commitCall(test, { jobId, replicas }, node))!
    await meter(`render commit, ${label}`, call)
  }
  for (const { node } of o.homes) {
    const tasks = await tasksOfNode(test, jobId, node)
    const results = tasks.map((task) => resultOf(task))
    await meter(`render reveal, ${label}`, encodeRevealRender(network, { jobId, openings: results }))
    await meter(`render accept, ${label}`, encodeAcceptRender(network, { jobId, tasks }), o.customer)
    const release = encodeReleaseRender(network, { jobId, node: node.address, releases: results })
    await meter(`render release, ${label}`, release)
  }
}

async function meterTrouble(test: TestChain, meter: Meter, { homes, customer }: Parties): Promise<void> {
  const { network } = test
  const jobId = await postRenderJob(test, customer, renderTerms({ unitCount: 2, replicas }))
  await nextTurn(test, homes)
  await sendAndWait(test.funder, encodeDrawRenderUnits(network, { jobId, count: 1 }), { timeoutMs })
  await sendAndWait(test.funder, (await commitCall(test, { jobId, replicas }, homes[0]!.node))!.call, { timeoutMs })
  const [unit] = await readRenderUnits(test.chain, jobId)
  await test.passSeconds(unit!.commitBySeconds - unit!.drawnAtSeconds + 1)
  const [task] = await tasksOfNode(test, jobId, homes[0]!.node)
  const openings = [resultOf(task!)]
  await sendAndWait(test.funder, encodeRevealRender(network, { jobId, openings }), { timeoutMs })
  await meter('render reject', encodeRejectRender(network, { jobId, task: task!, cells: [1, 2, 3] }), customer)
  const [missed] = await tasksOfNode(test, jobId, homes[1]!.node)
  await meter('render miss', encodeMissRender(network, { jobId, tasks: [missed!] }))
  await meter('render cancel', encodeCancelRenderJob(network, { jobId }), customer)
  const other = await postRenderJob(test, customer, renderTerms())
  await sendAndWait(customer, encodeCancelRenderJob(network, { jobId: other }), { timeoutMs })
  await test.passSeconds(30)
  await meter('render close', encodeCloseRenderJob(network, { jobId: other }), customer)
}

async function tasksOfNode(test: TestChain, jobId: string, node: Wallet): Promise<number[]> {
  const tasks = await readRenderTasks(test.chain, { jobId, replicas })
  return tasks.filter((task) => task.node === node.address).map(({ task }) => task)
}
