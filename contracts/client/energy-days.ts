import { AbiCoder, getAddress, hexlify, keccak256, type BytesLike, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { readLogs } from './read-logs.ts'
import { fields, type TypedData, typedData } from './typed-data.ts'

/** What a day came to for one node; see IEnergyMarket. */
export type EnergyNet = {
  readonly node: string
  readonly netWei: bigint
  readonly certifiedWh: number
  readonly heldWh: number
}

/** What a day's root is made from. */
export type EnergyDayTree = {
  readonly treeRoot: string
  readonly entryCount: number
  readonly nodeCount: number
  readonly certificateCount: number
}

type DayOf = { readonly community: string; readonly day: number }

/** A settled day as the chain has it. */
export type SettledEnergyDay = {
  readonly root: string
  readonly netsHash: string
  readonly poster: string
  readonly postedAtSeconds: number
  readonly feedInGweiPerWh: number
  readonly retailGweiPerWh: number
}

const netType = 'tuple(address node, int128 netWei, uint64 certifiedWh, uint64 heldWh)[]'

/** Hash over a day's sums in their order, as the poster signs it. */
export function hashEnergyNets(nets: readonly EnergyNet[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([netType], [nets]))
}

/** What a poster signs for a day. */
export function settlementTypedData(
  network: NetworkFile,
  settlement: DayOf & { readonly root: string; readonly nets: readonly EnergyNet[] },
): TypedData {
  const { community, day, root, nets } = settlement
  const value = { community, day, root, netsHash: hashEnergyNets(nets) }
  return typedData(network, 'EnergyMarket', 'Settlement', settlementFields, value)
}

/** Settles a day: money, and certificates. `nets` stand by ascending node. */
export function encodeSettleEnergyDay(
  network: NetworkFile,
  args: DayOf & {
    readonly tree: EnergyDayTree
    readonly nets: readonly EnergyNet[]
    readonly poster: string
    readonly signature: BytesLike
  },
): ChainCall {
  const { community, day, tree, nets, poster } = args
  const settlement = { day: { community, day, tree }, nets, poster, signature: hexlify(args.signature) }
  return {
    to: network.contracts.EnergyMarket,
    data: interfaces.EnergyMarket.encodeFunctionData('settleDay', [settlement]),
  }
}

/** A day, or null while nobody has settled it. */
export async function readEnergyDay(
  chain: Chain,
  { community, day }: DayOf,
  options: ReadOptions = {},
): Promise<SettledEnergyDay | null> {
  const [found] = await readContract(chain, 'EnergyMarket', 'dayOf', [community, day], options)
  const view = found as Result
  if (Number(view.postedAt) === 0) return null
  return {
    root: String(view.root),
    netsHash: String(view.netsHash),
    poster: getAddress(view.poster),
    postedAtSeconds: Number(view.postedAt),
    feedInGweiPerWh: Number(view.feedInGweiPerWh),
    retailGweiPerWh: Number(view.retailGweiPerWh),
  }
}

/** Days that a community settled in a range of blocks (both ends included), in chain order. */
export async function readSettledEnergyDays(
  chain: Chain,
  filter: BlockRange & { readonly community: string },
  options: { readonly signal?: AbortSignal } = {},
): Promise<(DayOf & { readonly root: string; readonly nets: EnergyNet[]; readonly certificateId: bigint })[]> {
  const topics = interfaces.EnergyMarket.encodeFilterTopics('DaySettled', [filter.community])
  const logs = await readLogs(chain, 'EnergyMarket', topics, filter, options)
  return logs.map((log) => {
    const args = interfaces.EnergyMarket.decodeEventLog('DaySettled', log.data, log.topics)
    const nets = ([...(args.nets as Result)] as Result[]).map(netOf)
    const certificateId = BigInt(args.certificateId)
    return { community: String(args.community), day: Number(args.day), root: String(args.root), nets, certificateId }
  })
}

function netOf(view: Result): EnergyNet {
  return {
    node: getAddress(view.node),
    netWei: BigInt(view.netWei),
    certifiedWh: Number(view.certifiedWh),
    heldWh: Number(view.heldWh),
  }
}

const settlementFields = fields('bytes32 community, uint32 day, bytes32 root, bytes32 netsHash')
