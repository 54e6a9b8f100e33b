import { getAddress, hexlify, type BytesLike, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import type { WorkOffer } from './render-typed-data.ts'

/** A node as the render pool knows it. */
export type RenderWorker = {
  readonly node: string
  readonly operator: string
  readonly inPool: boolean
  readonly backEndClass: number
  readonly tier: number
  readonly capacity: number
  readonly untilSeconds: number
  /** Whole tokens; 0 outside the pool. */
  readonly weight: number
  readonly openTasks: number
  readonly acceptedUnits: number
  readonly missed: number
  readonly strikes: number
  readonly kilosamplesPerSecond: number
}

const workerPage = 100

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.RenderPool, data: interfaces.RenderPool.encodeFunctionData(method, args) }
}

/** Puts a node into the pool or keeps it there; the signature is the node's over `takeWorkTypedData`. */
export function encodeTakeWork(network: NetworkFile, args: WorkOffer & { readonly signature: BytesLike }): ChainCall {
  const { node, backEndClass, capacity, untilSeconds } = args
  return encode(network, 'takeWork', [node, backEndClass, capacity, untilSeconds, hexlify(args.signature)])
}

/** Takes a node out of the pool; the signature is the node's over `stopWorkTypedData`. */
export function encodeStopWork(
  network: NetworkFile,
  args: { readonly node: string; readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'stopWork', [args.node, hexlify(args.signature)])
}

/** Takes nodes out whose time is over. */
export function encodeEvictWorkers(network: NetworkFile, args: { readonly nodes: readonly string[] }): ChainCall {
  return encode(network, 'evict', [args.nodes])
}

/** A node's record; all zeros for one that was never in the pool. */
export async function readRenderWorker(chain: Chain, node: string, options: ReadOptions = {}): Promise<RenderWorker> {
  const [view] = await readContract(chain, 'RenderPool', 'workerOf', [node], options)
  return workerOf(view as Result)
}

/** All nodes that were ever in the pool. */
export async function listRenderWorkers(chain: Chain, options: ReadOptions = {}): Promise<RenderWorker[]> {
  const workers: RenderWorker[] = []
  for (;;) {
    const [page] = await readContract(chain, 'RenderPool', 'workers', [workers.length, workerPage], options)
    const views = [...(page as Result)] as Result[]
    workers.push(...views.map(workerOf))
    if (views.length < workerPage) return workers
  }
}

/** Sum of weights in a tier of a back end, in whole tokens, as draws of the running turn see it. */
export async function readRenderWeight(
  chain: Chain,
  of: { readonly backEndClass: number; readonly tier: number },
  options: ReadOptions = {},
): Promise<number> {
  const [weight] = await readContract(chain, 'RenderPool', 'weightOf', [of.backEndClass, of.tier], options)
  return Number(weight)
}

/** What an operator has open: tasks, and their price together. */
export async function readOpenRenderWork(
  chain: Chain,
  operator: string,
  options: ReadOptions = {},
): Promise<{ readonly tasks: number; readonly priceWei: bigint }> {
  const [tasks, priceWei] = await readContract(chain, 'RenderPool', 'openOf', [operator], options)
  return { tasks: Number(tasks), priceWei: BigInt(priceWei as bigint) }
}

function workerOf(view: Result): RenderWorker {
  return {
    node: getAddress(view.node),
    operator: getAddress(view.operator),
    inPool: Boolean(view.inPool),
    backEndClass: Number(view.backEndClass),
    tier: Number(view.tier),
    capacity: Number(view.capacity),
    untilSeconds: Number(view.until),
    weight: Number(view.weight),
    openTasks: Number(view.openTasks),
    acceptedUnits: Number(view.acceptedUnits),
    missed: Number(view.missed),
    strikes: Number(view.strikes),
    kilosamplesPerSecond: Number(view.kilosamplesPerSecond),
  }
}
