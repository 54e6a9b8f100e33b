import { getBytes } from 'ethers'
import {
  listDataSets,
  listNodes,
  readSetTerms,
  type Chain,
  type DataSetView,
  type NodeEntry,
} from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../api/values.ts'
import { peerIdOfPublicKey, prefixOfMultiaddr, type NetworkNode } from '../../../network/index.ts'
import { surveyProviders, type Offer } from '../../customer/find-providers.ts'

/** Nodes that are asked for one set, at random, so that nobody is overrun by those who leave. */
const mostAsked = 32

export type FindHeirParts = {
  readonly chain: Chain
  readonly node: NetworkNode
  readonly signal: AbortSignal
}

/** Asks one node, chosen before, whether it still takes the set. Null when it does not answer or asks more. */
export async function askHeir(parts: FindHeirParts, set: DataSetView, heir: string): Promise<Offer | null> {
  const nodes = await listNodes(parts.chain, { role: 'storage', signal: parts.signal })
  const entry = nodes.find((one) => sameAddress(one.node, heir) && !one.revoked)
  return entry === undefined ? null : ((await ask(parts, set, [entry], 0))[0] ?? null)
}

/**
 * A node of another operator that takes the set at no more than its present prices, or null. Whoever holds anything of the
 * customer, by this or another node, is left out: so no operator gets two pieces of one segment, which nobody here knows.
 */
export async function findHeir(
  parts: FindHeirParts,
  set: DataSetView,
  options: { readonly bytes: number; readonly passedOver: ReadonlySet<string> },
): Promise<Offer | null> {
  const { chain, signal } = parts
  const [nodes, others] = await Promise.all([
    listNodes(chain, { role: 'storage', signal }),
    listDataSets(chain, { customer: set.customer }, { signal }),
  ])
  const candidates = strangersOf(set, nodes, others).filter((one) => !options.passedOver.has(one.node.toLowerCase()))
  const asked = shuffled(candidates).slice(0, mostAsked)
  const [offer] = await ask(parts, set, asked, options.bytes)
  return offer ?? null
}

/** Nodes whose operators hold nothing of the set's customer. Pure. */
export function strangersOf(
  set: Pick<DataSetView, 'operator'>,
  nodes: readonly NodeEntry[],
  others: readonly DataSetView[],
): NodeEntry[] {
  const low = (address: string): string => address.toLowerCase()
  // A node that ever had a set of the customer cannot be heir by contract; an operator only while it has one.
  const known = new Set(others.map((one) => low(one.node)))
  const operators = new Set(others.filter((one) => !one.ended).map((one) => low(one.operator)))
  operators.add(low(set.operator))
  return nodes.filter((one) => !one.revoked && !known.has(low(one.node)) && !operators.has(low(one.operator)))
}

async function ask(
  { chain, node, signal }: FindHeirParts,
  set: DataSetView,
  nodes: readonly NodeEntry[],
  bytes: number,
): Promise<Offer[]> {
  const { network } = chain
  const registered = nodes.map((one) => ({ ...one, peerId: peerIdOfPublicKey(getBytes(one.publicKey)) }))
  const [terms, survey] = await Promise.all([
    readSetTerms(chain, set.customer, set.node, { signal }),
    surveyProviders(node, registered, {
      network: { chainId: network.chainId, market: network.contracts.StorageMarket },
      prefixOf: (multiaddr) => prefixOfMultiaddr(multiaddr, { practice: network.practice }),
      enough: 1,
      signal,
    }),
  ])
  return survey.offers.filter(
    (offer) =>
      offer.taking &&
      offer.freeBytes >= bytes &&
      offer.pricePerGiBPeriodWei <= terms.pricePerGiBPeriodWei &&
      offer.retrievalPricePerMiBWei <= terms.retrievalPricePerMiBWei,
  )
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}
