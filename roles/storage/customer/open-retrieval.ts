import { join } from 'node:path'
import { openCustomerVoucherBook } from '../../vouchers/index.ts'
import { ManifestError } from '../protocol/manifest-envelope.ts'
import type { CodedFile } from '../protocol/manifest.ts'
import type { CustomerContext } from './context.ts'
import { fetchPiece } from './fetch-piece.ts'
import type { FetchBytes } from './fetch-segment.ts'
import type { Market } from './market.ts'
import { noteDownloads, type NotedFetch } from './note-downloads.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { createPayer, type Payer } from './payer.ts'
import { openProviderBook } from './provider-book.ts'
import { refillLocks } from './refill-locks.ts'

/** A way to fetch pieces of one file and pay for them. */
export type Retrieval = {
  readonly fetchBytes: FetchBytes
  /** Vouchers signed for it, to the nodes of the file. */
  paidWei(): bigint
  close(): void
}

/** Opens the voucher book, agrees on prices and sees that every node of the file can be paid. The caller closes it. */
export async function openRetrieval(context: CustomerContext, market: Market, manifest: CodedFile): Promise<Retrieval> {
  const book = openCustomerVoucherBook({
    path: join(context.dataDirectory, 'vouchers.sqlite'),
    network: context.chain.network,
    wallet: context.wallet,
  })
  const providers = openProviderBook(context.dataDirectory)
  let noted: NotedFetch | null = null
  const close = (): void => {
    noted?.flush()
    book.close()
    providers.close()
  }
  try {
    const nodes = [...new Set(manifest.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))]
    const prices = await readPrices(market, nodes)
    const issuedWei = (node: string): bigint => book.issuedWei(node)
    const covered = await refillLocks(market, manifest, prices, { issuedWei, log: context.log })
    const fetch = await bytesFetcher(context, market, prices, createPayer(book))
    noted = noteDownloads(fetch, providers, (node) => covered.has(node.toLowerCase()))
    const { fetchBytes } = noted
    const paidWei = () => nodes.reduce((sum, node) => sum + book.cumulativeWei(node), 0n)
    return { fetchBytes, paidWei, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Prices of retrieval per MiB by node, as agreed at the last put. */
async function readPrices(market: Market, nodes: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const prices = await mapParallel(nodes, 16, (node) => market.retrievalPriceWei(node))
  return new Map(nodes.map((node, index) => [node, prices[index]!]))
}

async function bytesFetcher(
  context: CustomerContext,
  market: Market,
  prices: ReadonlyMap<string, bigint>,
  payer: Payer,
): Promise<FetchBytes> {
  const providers = await market.listProviders({ revokedToo: true })
  const peerIds = new Map(providers.map((provider) => [provider.node.toLowerCase(), provider.peerId]))
  return async ({ node, root }, target, wait) => {
    const peerId = peerIds.get(node.toLowerCase())
    if (!peerId) throw new ManifestError('NODE_UNKNOWN', `Node ${node} is not in the registry.`)
    const retrievalPricePerMiBWei = prices.get(node) ?? 0n
    const { network } = market
    await fetchPiece(context.node, { peerId, node, network, root, retrievalPricePerMiBWei, target, payer, ...wait })
  }
}
