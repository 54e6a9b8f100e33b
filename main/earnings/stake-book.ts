import {
  currentPeriod,
  readLatestBlock,
  readMachineAllowance,
  readNode,
  readSlashes,
  readStake,
  readStorageEvents,
  readTiming,
} from '../../contracts/client/index.ts'
import type { Chain, SlashEvent, StorageEvent, Timing } from '../../contracts/client/index.ts'
import type { StakeView } from '../api/snapshot.ts'
import { type Fault, viewStake } from './stake-view.ts'

/** Blocks at the end that are read again each time: a reorganization may change them. */
const unsettledBlocks = 64

/** What was read of the events, and up to which block. */
type Gathered = {
  readonly through: number
  readonly faults: readonly Fault[]
  readonly otherFaults: readonly Fault[]
  readonly slashes: readonly SlashEvent[]
}

const nothing: Gathered = { through: -1, faults: [], otherFaults: [], slashes: [] }

export type StakeBook = {
  /** Reads what is new on the chain. */
  refresh(options?: { readonly signal?: AbortSignal }): Promise<StakeView>
  /** The last view; null before the first refresh. */
  view(): StakeView | null
}

/** Follows the stake behind one machine's storage work; `node` is its storage key. Keeps nothing on disk. */
export function openStakeBook(o: { chain: Chain; operator: string; node: string }): StakeBook {
  const { chain, operator, node } = o
  let gathered = nothing
  let timing: Timing | null = null
  let view: StakeView | null = null

  return {
    async refresh(options = {}) {
      timing ??= await readTiming(chain, options)
      const block = await readLatestBlock(chain, options)
      gathered = await gather(o, gathered, block.number, options)
      const at = { ...options, blockTag: block.number }
      const [stake, entry] = await Promise.all([
        readStake(chain, operator, chain.network.contracts.StorageMarket, at),
        readNode(chain, node, at),
      ])
      const allowance = entry === null ? null : await readMachineAllowance(chain, operator, entry.authorization, at)
      view = viewStake({
        ...{ node, stake, allowance, ...gathered },
        currentPeriod: currentPeriod(block.timestampSeconds, timing),
        periodMs: timing.provingPeriodSeconds * 1000,
        windowPeriods: timing.faultWindowPeriods,
      })
      return view
    },
    view: () => view,
  }
}

/** Reads the events after what is settled; a chain that came back shorter is read anew from where it still agrees. */
async function gather(
  { chain, operator, node }: { chain: Chain; operator: string; node: string },
  before: Gathered,
  latest: number,
  options: { readonly signal?: AbortSignal },
): Promise<Gathered> {
  const settled = Math.min(before.through, latest) - unsettledBlocks
  const fromBlock = Math.max(settled + 1, chain.network.deployedAtBlock)
  const range = { fromBlock, toBlock: latest }
  const [events, slashes] = await Promise.all([
    readStorageEvents(chain, { ...range, node }, options),
    readSlashes(chain, operator, range, options),
  ])
  const kept = <T extends { readonly blockNumber: number }>(all: readonly T[]) =>
    all.filter((event) => event.blockNumber < fromBlock)
  const faults = faultsOf(events)
  const otherFaults = await readOtherFaults(chain, node, slashes, options)
  return {
    through: latest,
    faults: [...kept(before.faults), ...faults],
    otherFaults: [...kept(before.otherFaults), ...otherFaults],
    slashes: [...kept(before.slashes), ...slashes],
  }
}

function faultsOf(events: readonly StorageEvent[]): Fault[] {
  return events.filter((event): event is Fault => event.kind === 'fault')
}

/** For what stake was taken from the operator's other machines: the faults of the very blocks, so that no slash is without a reason. */
async function readOtherFaults(
  chain: Chain,
  node: string,
  slashes: readonly SlashEvent[],
  options: { readonly signal?: AbortSignal },
): Promise<Fault[]> {
  const others = slashes.filter((slash) => slash.node !== node)
  const places = new Map(others.map((slash) => [`${slash.node} ${slash.blockNumber}`, slash]))
  const found: Fault[] = []
  for (const { node: other, blockNumber } of places.values()) {
    const filter = { fromBlock: blockNumber, toBlock: blockNumber, node: other, names: ['PeriodMissed'] as const }
    found.push(...faultsOf(await readStorageEvents(chain, filter, options)))
  }
  return found
}
