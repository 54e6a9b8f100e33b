import { getAddress, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { ContractCallError } from './errors.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** What a customer asks for, as the chain has it; see IRenderMarket. */
export type RenderJobTerms = {
  readonly specHash: string
  readonly sceneHash: string
  readonly unitCount: number
  /** 1 to 3. */
  readonly replicas: number
  /** Lowest tier that may be drawn, 0 to 3. */
  readonly tier: number
  readonly backEndClass: number
  readonly commitSeconds: number
  /** Pixel samples of a unit in thousands, rounded down. */
  readonly unitKilosamples: number
  /** For one unit and one replica. */
  readonly pricePerUnitWei: bigint
}

export type RenderJobEntry = {
  readonly jobId: string
  readonly customer: string
  readonly terms: RenderJobTerms
  /** First turn in which it may be drawn. */
  readonly firstTurn: number
  readonly drawnUnits: number
  readonly openTasks: number
  /** From this turn on nothing is drawn; null while the job runs. */
  readonly endTurn: number | null
  readonly escrowWei: bigint
}

/** Times of the render contracts in seconds. */
export type RenderTiming = {
  readonly turnSeconds: number
  readonly slotsPerTurn: number
  readonly revealSeconds: number
  readonly silenceSeconds: number
  /** How far ahead a node may sign that it takes work. */
  readonly expirySeconds: number
}

const jobPage = 200

/** Posts the sender's job and takes its whole price from his tokens, approved to `Payments`. */
export function encodePostRenderJob(network: NetworkFile, terms: RenderJobTerms): ChainCall {
  return { to: network.contracts.RenderMarket, data: interfaces.RenderMarket.encodeFunctionData('postJob', [terms]) }
}

/** A job, or null when there never was one of this id. */
export async function readRenderJob(
  chain: Chain,
  jobId: string,
  options: ReadOptions = {},
): Promise<RenderJobEntry | null> {
  try {
    const [view] = await readContract(chain, 'RenderMarket', 'jobOf', [jobId], options)
    return jobOf(view as Result)
  } catch (error) {
    if (error instanceof ContractCallError && error.errorName === 'JobUnknown') return null
    throw error
  }
}

/** Ids of jobs in order of posting, from a number on; whoever remembers how many it saw asks for the rest. */
export async function listRenderJobIds(chain: Chain, from = 0, options: ReadOptions = {}): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const [page] = await readContract(chain, 'RenderMarket', 'jobIds', [from + ids.length, jobPage], options)
    const found = [...(page as Result)] as string[]
    ids.push(...found)
    if (found.length < jobPage) return ids
  }
}

/** How many jobs a customer has posted: the number of his next. */
export async function countRenderJobs(chain: Chain, customer: string, options: ReadOptions = {}): Promise<number> {
  const [count] = await readContract(chain, 'RenderMarket', 'jobCountOf', [customer], options)
  return Number(count)
}

/** What the rejection of a task of this job costs until a panel has decided. */
export async function readRenderBond(chain: Chain, jobId: string, options: ReadOptions = {}): Promise<bigint> {
  const [bond] = await readContract(chain, 'RenderMarket', 'bondOf', [jobId], options)
  return BigInt(bond as bigint)
}

/** Reads what never changes in a deployment; callers keep the answer. */
export async function readRenderTiming(chain: Chain, options: ReadOptions = {}): Promise<RenderTiming> {
  const [[market], [expiry]] = await Promise.all([
    readContract(chain, 'RenderMarket', 'timing', [], options),
    readContract(chain, 'RenderPool', 'expirySeconds', [], options),
  ])
  const timing = market as Result
  return {
    turnSeconds: Number(timing.turnSeconds),
    slotsPerTurn: Number(timing.slotsPerTurn),
    revealSeconds: Number(timing.revealSeconds),
    silenceSeconds: Number(timing.silenceSeconds),
    expirySeconds: Number(expiry),
  }
}

/** Turn of drawing that a time belongs to. */
export function renderTurnAt(timestampSeconds: number, timing: Pick<RenderTiming, 'turnSeconds'>): number {
  return Math.floor(timestampSeconds / timing.turnSeconds)
}

/** Slot whose seed draws in a turn: it must be open and captured before anything can be drawn. */
export function seedSlotOfTurn(turn: number, timing: Pick<RenderTiming, 'slotsPerTurn'>): number {
  return turn * timing.slotsPerTurn
}

function jobOf(view: Result): RenderJobEntry {
  const endTurn = Number(view.endTurn)
  return {
    jobId: String(view.jobId),
    customer: getAddress(view.customer),
    terms: renderTermsOf(view.terms as Result),
    firstTurn: Number(view.firstTurn),
    drawnUnits: Number(view.drawnUnits),
    openTasks: Number(view.openTasks),
    endTurn: endTurn === 0 ? null : endTurn,
    escrowWei: BigInt(view.escrowWei),
  }
}

/** Terms as a view or an event has them. */
export function renderTermsOf(terms: Result): RenderJobTerms {
  return {
    specHash: String(terms.specHash),
    sceneHash: String(terms.sceneHash),
    unitCount: Number(terms.unitCount),
    replicas: Number(terms.replicas),
    tier: Number(terms.tier),
    backEndClass: Number(terms.backEndClass),
    commitSeconds: Number(terms.commitSeconds),
    unitKilosamples: Number(terms.unitKilosamples),
    pricePerUnitWei: BigInt(terms.pricePerUnitWei),
  }
}
