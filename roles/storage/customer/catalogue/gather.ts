import { CancelledError } from '../../../api/errors.ts'
import { mergeEntries, openCatalogue, type CatalogueEntry } from '../../protocol/catalogue.ts'
import { customerSecret, type CustomerContext } from '../context.ts'
import { reasonOf } from '../errors.ts'
import type { Market } from '../market.ts'
import { nodeCipher } from '../node-crypto.ts'
import { mapParallel } from '../../../upkeep/map-parallel.ts'
import { askForCatalogue, type SignedCatalogue } from './exchange.ts'

/** What all providers of a customer say about its catalogue. */
export type Gathered = {
  /** Of the newest version; 0 and empty when nobody has any. */
  readonly version: number
  readonly entries: readonly CatalogueEntry[]
  /** Providers that gave the newest, an older one, none, or no answer; `silent` with the reason. */
  readonly newest: number
  readonly older: number
  readonly without: number
  readonly silent: readonly { readonly node: string; readonly reason: string }[]
}

/** A provider of this customer, whatever became of the data set. */
export type Keeper = { readonly node: string; readonly peerId: string }

const parallel = 16

/** Everybody with whom the customer has or had a data set: the chain alone tells. */
export async function findKeepers(market: Market, options: { signal?: AbortSignal } = {}): Promise<Keeper[]> {
  const [sets, providers] = await Promise.all([
    market.listSets(),
    market.listProviders({ revokedToo: true, signal: options.signal }),
  ])
  const peerIds = new Map(providers.map(({ node, peerId }) => [node.toLowerCase(), peerId]))
  return sets.flatMap(({ node }) => {
    const peerId = peerIds.get(node.toLowerCase())
    return peerId === undefined ? [] : [{ node, peerId }]
  })
}

/**
 * Asks all keepers. One honest answer with the newest version suffices: forged ones are not signed, and an older one loses to it.
 * Versions of one number that two homes wrote at once are merged.
 */
export async function gatherCatalogue(
  context: CustomerContext,
  market: Market,
  keepers: readonly Keeper[],
  options: { signal?: AbortSignal } = {},
): Promise<Gathered> {
  const answers = await mapParallel(keepers, parallel, async ({ node, peerId }) => {
    try {
      return { node, catalogue: await askForCatalogue(context, market, { peerId, ...options }), reason: null }
    } catch (error) {
      if (options.signal?.aborted) throw new CancelledError('Asking for the catalogue')
      return { node, catalogue: null, reason: reasonOf(error) }
    }
  })
  const catalogues = answers.flatMap(({ catalogue }) => (catalogue === null ? [] : [catalogue]))
  return {
    ...chooseNewest(customerSecret(context.wallet), catalogues),
    without: answers.filter(({ catalogue, reason }) => catalogue === null && reason === null).length,
    silent: answers.flatMap(({ node, reason }) => (reason === null ? [] : [{ node, reason }])),
  }
}

/** The newest of signed catalogues. Pure. */
export function chooseNewest(
  secret: Uint8Array,
  catalogues: readonly SignedCatalogue[],
): Pick<Gathered, 'version' | 'entries' | 'newest' | 'older'> {
  const version = Math.max(0, ...catalogues.map((one) => one.version))
  const newest = catalogues.filter((one) => one.version === version)
  const opened = newest.map((one) => openCatalogue(nodeCipher, secret, version, one.bytes))
  const entries = opened.reduce<readonly CatalogueEntry[]>((all, one) => mergeEntries(all, one), [])
  return { version, entries, newest: newest.length, older: catalogues.length - newest.length }
}
