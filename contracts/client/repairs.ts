import { dataSlice, getAddress, hexlify, type BytesLike, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { readLogs } from './read-logs.ts'

/** What a customer allows a repairer; amounts in wei. */
export type RepairTerms = {
  /** Dearest prices that a new node may ask. */
  readonly priceCapPerGiBPeriodWei: bigint
  readonly retrievalPriceCapPerMiBWei: bigint
  readonly feePerPieceWei: bigint
  readonly feePerGiBWei: bigint
  /** Most that all repairs of one proving period may take. */
  readonly spendCapPerPeriodWei: bigint
  readonly expirySeconds: number
}

export type RepairNaming = {
  readonly customer: string
  readonly repairer: string
  readonly terms: RepairTerms
  /** Expiry, or the end of the notice, in seconds since 1970. */
  readonly endsAtSeconds: number
  readonly budgetWei: bigint
  /** Taken in the running period. */
  readonly spentWei: bigint
}

/** Pieces of one lost set by their indices in it. */
export type LostPieces = { readonly node: string; readonly indices: readonly number[] }

type Pair = { readonly customer: string; readonly repairer: string }

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.RepairFund, data: interfaces.RepairFund.encodeFunctionData(method, args) }
}

/** Names the sender's repairer and takes the budget from his tokens, approved to `Payments`. */
export function encodeNameRepairer(
  network: NetworkFile,
  args: { readonly repairer: string; readonly terms: RepairTerms; readonly budgetWei: bigint },
): ChainCall {
  const { expirySeconds, ...rest } = args.terms
  return encode(network, 'name', [args.repairer, { ...rest, expiry: expirySeconds }, args.budgetWei])
}

/** Adds the sender's tokens to a budget. */
export function encodeTopUpRepairer(network: NetworkFile, args: Pair & { readonly amountWei: bigint }): ChainCall {
  return encode(network, 'topUp', [args.customer, args.repairer, args.amountWei])
}

/** Ends the sender's naming after its notice. */
export function encodeEndRepairer(network: NetworkFile, args: { readonly repairer: string }): ChainCall {
  return encode(network, 'end', [args.repairer])
}

/** Returns the rest of a budget to its customer once the naming is over. */
export function encodeTakeBackBudget(network: NetworkFile, args: Pair): ChainCall {
  return encode(network, 'takeBack', [args.customer, args.repairer])
}

/** Moves lost pieces onto a node that signed for exactly these in this order; the sender is the repairer. */
export function encodeRepair(
  network: NetworkFile,
  args: {
    readonly customer: string
    readonly node: string
    readonly lost: readonly LostPieces[]
    readonly pricePerGiBPeriodWei: bigint
    readonly retrievalPricePerMiBWei: bigint
    readonly minimumBytesPerSecond: number
    readonly sequence: number
    readonly expirySeconds: number
    readonly signature: BytesLike
  },
): ChainCall {
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond, sequence } = args
  const prices = { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  const acceptance = { ...prices, sequence, expiry: args.expirySeconds }
  return encode(network, 'repair', [args.customer, args.node, args.lost, acceptance, hexlify(args.signature)])
}

/** Pays a repairer's fee for one node, or returns it when the node never proved. */
export function encodeSettleRepairFee(network: NetworkFile, args: Pair & { readonly node: string }): ChainCall {
  return encode(network, 'settleFee', [args.customer, args.repairer, args.node])
}

/** A naming, or null where there is none; one that is over but not taken back is still shown. */
export async function readRepairNaming(
  chain: Chain,
  { customer, repairer }: Pair,
  options: ReadOptions = {},
): Promise<RepairNaming | null> {
  const [view] = await readContract(chain, 'RepairFund', 'namingOf', [customer, repairer], options)
  const { terms, endsAt, budgetWei, spentWei } = view as Result
  if (BigInt(endsAt as bigint) === 0n) return null
  return {
    customer,
    repairer,
    terms: termsOf(terms as Result),
    endsAtSeconds: Number(endsAt),
    budgetWei: BigInt(budgetWei as bigint),
    spentWei: BigInt(spentWei as bigint),
  }
}

/** All namings of a customer that he has not taken back. */
export async function listRepairNamings(
  chain: Chain,
  customer: string,
  options: ReadOptions = {},
): Promise<RepairNaming[]> {
  const [addresses] = await readContract(chain, 'RepairFund', 'repairersOf', [customer], options)
  const repairers = ([...(addresses as Result)] as string[]).map((address) => getAddress(address))
  const namings = repairers.map((repairer) => readRepairNaming(chain, { customer, repairer }, options))
  return (await Promise.all(namings)).filter((naming) => naming !== null)
}

/** The fee that waits for a node's proof, and the period of the last repair that it is for. */
export async function readOpenRepairFee(
  chain: Chain,
  { customer, repairer, node }: Pair & { readonly node: string },
  options: ReadOptions = {},
): Promise<{ readonly feeWei: bigint; readonly period: number }> {
  const [feeWei, period] = await readContract(chain, 'RepairFund', 'openFeeOf', [customer, repairer, node], options)
  return { feeWei: BigInt(feeWei as bigint), period: Number(period) }
}

function termsOf(terms: Result): RepairTerms {
  const wei = (name: string): bigint => BigInt(terms.getValue(name) as bigint)
  return {
    priceCapPerGiBPeriodWei: wei('priceCapPerGiBPeriodWei'),
    retrievalPriceCapPerMiBWei: wei('retrievalPriceCapPerMiBWei'),
    feePerPieceWei: wei('feePerPieceWei'),
    feePerGiBWei: wei('feePerGiBWei'),
    spendCapPerPeriodWei: wei('spendCapPerPeriodWei'),
    expirySeconds: Number(terms.getValue('expiry')),
  }
}

/** Nodes onto which repairers moved pieces of a customer, each once. */
export async function listRepairedNodes(
  chain: Chain,
  customer: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string[]> {
  const topics = interfaces.RepairFund.encodeFilterTopics('Repaired', [customer])
  const toBlock = await chain.provider.getBlockNumber()
  const logs = await readLogs(chain, 'RepairFund', topics, { fromBlock: 0, toBlock }, options)
  return [...new Set(logs.map((log) => getAddress(dataSlice(log.topics[3]!, 12))))]
}
