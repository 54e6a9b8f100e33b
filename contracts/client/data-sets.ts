import { getAddress, type Result } from 'ethers'
import type { Chain } from './chain.ts'
import { ContractCallError } from './errors.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** A (customer, node) pair's data set as of the block it was read at. */
export type DataSetView = {
  readonly setId: string
  readonly customer: string
  readonly node: string
  readonly operator: string
  /** `none`: cleared, may start anew. `dropping`: the customer ended it, the running period is still owed. */
  readonly state: 'none' | 'active' | 'dropping' | 'ended'
  readonly pieceCount: number
  /** Leaves that count from the next period. */
  readonly leafCount: number
  /** Leaves that count in the period of the block that was read. */
  readonly frozenLeafCount: number
  readonly pricePerPeriodWei: bigint
  readonly frozenPricePerPeriodWei: bigint
  readonly escrowWei: bigint
  /** Whole periods that the escrow still pays at the price of the next one. */
  readonly escrowPeriodsLeft: number
  readonly lastProvenPeriod: number | null
  readonly firstPeriod: number
  readonly faults: number
  /** What the next acceptance must carry. */
  readonly sequence: number
  readonly ended: boolean
  /** When it ended, in seconds since 1970; null while it goes on. */
  readonly endedAtSeconds: number | null
}

export type PieceEntry = {
  readonly index: number
  readonly root: string
  readonly lengthBytes: number
  /** Place of its first leaf among all that count now. */
  readonly firstLeaf: number
  /** Zero once its removal has taken effect. */
  readonly leafCount: number
  readonly removed: boolean
}

const states = ['none', 'active', 'dropping', 'ended'] as const
const setPage = 50
const piecePage = 500

/** The data set of a customer on a node, or null when there never was one. */
export async function readDataSet(
  chain: Chain,
  customer: string,
  node: string,
  options: ReadOptions = {},
): Promise<DataSetView | null> {
  try {
    const [view] = await readContract(chain, 'StorageMarket', 'dataSet', [customer, node], options)
    return dataSetOf(view as Result)
  } catch (error) {
    if (error instanceof ContractCallError && error.errorName === 'SetUnknown') return null
    throw error
  }
}

/** All data sets on a node or of a customer, ended ones included, in order of creation. */
export async function listDataSets(
  chain: Chain,
  of: { readonly node: string } | { readonly customer: string },
  options: ReadOptions = {},
): Promise<DataSetView[]> {
  const [method, party] = 'node' in of ? ['dataSetsOfNode', of.node] : ['dataSetsOfCustomer', of.customer]
  const sets: DataSetView[] = []
  for (;;) {
    const [page] = await readContract(chain, 'StorageMarket', method!, [party, sets.length, setPage], options)
    const views = [...(page as Result)] as Result[]
    sets.push(...views.map(dataSetOf))
    if (views.length < setPage) return sets
  }
}

/** All pieces of a set, removed ones included. Pages are read at one block, so that leaf positions fit together. */
export async function listPieces(
  chain: Chain,
  customer: string,
  node: string,
  options: ReadOptions = {},
): Promise<PieceEntry[]> {
  const blockTag = options.blockTag ?? (await chain.provider.getBlockNumber())
  const pieces: PieceEntry[] = []
  let firstLeaf = 0
  for (;;) {
    const args = [customer, node, pieces.length, piecePage]
    const [page] = await readContract(chain, 'StorageMarket', 'piecesOf', args, { ...options, blockTag })
    const views = [...(page as Result)] as Result[]
    for (const view of views) {
      const leafCount = Number(view.leafCount)
      const { root, removed } = view as unknown as { root: string; removed: boolean }
      const lengthBytes = Number(view.lengthBytes)
      pieces.push({ index: pieces.length, root, lengthBytes, firstLeaf, leafCount, removed })
      firstLeaf += leafCount
    }
    if (views.length < piecePage) return pieces
  }
}

function dataSetOf(view: Result): DataSetView {
  const price = BigInt(view.rateWei)
  const escrow = BigInt(view.escrowWei)
  const lastProven = Number(view.lastProven)
  const state = states[Number(view.state)] ?? 'none'
  return {
    setId: String(view.setId),
    customer: getAddress(view.customer),
    node: getAddress(view.node),
    operator: getAddress(view.operator),
    state,
    pieceCount: Number(view.pieceCount),
    leafCount: Number(view.leafCount),
    frozenLeafCount: Number(view.frozenLeafCount),
    pricePerPeriodWei: price,
    frozenPricePerPeriodWei: BigInt(view.frozenRateWei),
    escrowWei: escrow,
    escrowPeriodsLeft: price === 0n ? 0 : Number(escrow / price),
    lastProvenPeriod: lastProven === 0 ? null : lastProven,
    firstPeriod: Number(view.firstPeriod),
    faults: Number(view.faults),
    sequence: Number(view.sequence),
    ended: state === 'ended' || state === 'none',
    endedAtSeconds: state === 'ended' ? Number(view.endedAt) : null,
  }
}
