import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { openCustomerVoucherBook } from '../../vouchers/index.ts'
import { openManifest, ManifestError } from '../protocol/manifest-envelope.ts'
import type { Manifest, ManifestPiece } from '../protocol/manifest.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret, type SegmentKeys } from '../protocol/segment-keys.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { sameAddress } from '../../api/values.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { fetchPiece } from './fetch-piece.ts'
import { fetchSegment, maximumExtra, type FetchBytes } from './fetch-segment.ts'
import type { Market } from './market.ts'
import { mapParallel } from './parallel.ts'
import { refillLocks } from './refill-locks.ts'
import { nodeCipher } from './node-crypto.ts'
import { openOutputFile, type OutputFile } from './output-file.ts'
import { createPayer, type Payer } from './payer.ts'
import { PeerRecord } from './peer-record.ts'
import { decodeSegment, openSegment } from './pipeline/open-segment.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import type { SlotLayout } from './pipeline/jobs.ts'

/** `bytesDone` counts plain bytes written. */
export type GetProgress = {
  readonly phase: 'finding' | 'fetching'
  readonly bytesDone: number
  readonly bytesTotal: number
}

export type GetOptions = {
  readonly manifest: Uint8Array
  /** Where the file shall appear; it does so only when it is complete and checked. */
  readonly output: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: GetProgress) => void
}

export type GetSummary = {
  readonly bytes: number
  readonly segments: number
  readonly pathName: string
  /** Vouchers signed for it. */
  readonly paidWei: bigint
}

/**
 * Brings a file back from any k pieces of every segment: verified piece by piece and chunk by chunk, written as it comes.
 *
 * Throws ManifestError, TooFewPiecesError, CancelledError, OUTPUT_UNWRITABLE and errors of the chain.
 */
export async function getFile(context: CustomerContext, options: GetOptions): Promise<GetSummary> {
  const secret = customerSecret(context.wallet)
  const manifest = openManifest(nodeCipher, secret, options.manifest)
  const market = await createMarket(context)
  checkDeployment(manifest, market)
  options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: manifest.bytes })
  const book = openCustomerVoucherBook({
    path: join(context.dataDirectory, 'vouchers.sqlite'),
    network: context.chain.network,
    wallet: context.wallet,
  })
  try {
    const payer = createPayer(book)
    const prices = await readPrices(market, manifest)
    await refillLocks(market, manifest, prices, { issuedWei: (node) => book.issuedWei(node), log: context.log })
    const fetchBytes = await bytesFetcher(context, market, prices, payer)
    const output = await openOutputFile(options.output)
    const pipeline = openPipeline(manifest)
    try {
      await writeSegments(pipeline, manifest, secret, { ...options, output, fetchBytes })
      await output.finish()
    } finally {
      await pipeline.close()
      await output.discard()
    }
    const nodes = new Set(manifest.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))
    const paidWei = [...nodes].reduce((sum, node) => sum + book.cumulativeWei(node), 0n)
    return { bytes: manifest.bytes, segments: manifest.segments.length, pathName: manifest.pathName, paidWei }
  } finally {
    book.close()
  }
}

/** A manifest of another network would only send its owner's requests to the wrong nodes. */
export function checkDeployment(manifest: Manifest, market: Market): void {
  if (manifest.chainId === market.network.chainId && sameAddress(manifest.market, market.network.market)) return
  throw new ManifestError(
    'MANIFEST_OTHER_NETWORK',
    `This manifest belongs to chain ${manifest.chainId}, market ${manifest.market}.`,
    {
      action: 'Choose the network on which the file was stored with --network.',
    },
  )
}

function openPipeline(manifest: Manifest): Pipeline {
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: manifest.k,
    n: rowsOf(manifest.segments.flatMap((segment) => segment.pieces)),
    pieceBytes: pieceLength(segmentSpan(manifest.bytes, 0).plainBytes, manifest.k),
    slots: 2,
    pieceBuffers: manifest.k + maximumExtra,
    stagingAreas: 4,
  })
}

/** Rows of the code that decoding must know: spare uploads use rows beyond n. */
function rowsOf(pieces: readonly ManifestPiece[]): number {
  return pieces.reduce((most, piece) => Math.max(most, piece.index + 1), 1)
}

/** Prices of retrieval per MiB by node, as agreed at the last put. */
async function readPrices(market: Market, manifest: Manifest): Promise<ReadonlyMap<string, bigint>> {
  const nodes = [...new Set(manifest.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))]
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

type WriteOptions = Omit<GetOptions, 'output'> & { readonly output: OutputFile; readonly fetchBytes: FetchBytes }

/** One segment is opened and written while the next is fetched. */
async function writeSegments(
  pipeline: Pipeline,
  manifest: Manifest,
  secret: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const record = new PeerRecord()
  let written = 0
  let writing: Promise<void> = Promise.resolve()
  const key = pathKey(nodeCipher, secret, manifest.fileSalt, manifest.pathName)
  try {
    for (const [index, segment] of manifest.segments.entries()) {
      const keys = deriveSegmentKeys(nodeCipher, unwrapSegmentSecret(nodeCipher, key, index, segment.wrappedSecret))
      const fetched = await fetchAndDecode(pipeline, manifest, index, keys, record, options)
      await writing
      writing = writeSegment(pipeline, manifest, index, keys, fetched, options, (bytes) => {
        written += bytes
        options.onProgress?.({ phase: 'fetching', bytesDone: written, bytesTotal: manifest.bytes })
      })
      writing.catch(() => {})
    }
  } finally {
    await writing
  }
}

async function fetchAndDecode(
  pipeline: Pipeline,
  manifest: Manifest,
  segmentIndex: number,
  keys: SegmentKeys,
  record: PeerRecord,
  options: WriteOptions,
): Promise<SlotLayout> {
  const { arena } = pipeline
  const { pieces } = manifest.segments[segmentIndex]!
  const { signal, fetchBytes } = options
  const address = await arena.slots.acquire({ signal })
  const pieceBytes = pieceLength(segmentSpan(manifest.bytes, segmentIndex).plainBytes, manifest.k)
  const slot: SlotLayout = { address, stride: arena.stride, pieceBytes, k: manifest.k }
  try {
    const { maskKey } = keys
    const { present, buffers } = await fetchSegment({
      pipeline,
      segmentIndex,
      slot,
      pieces,
      maskKey,
      record,
      fetchBytes,
      signal,
    })
    await decodeSegment(pipeline, { slot, n: rowsOf(pieces), present }).finally(() =>
      buffers.forEach((buffer) => arena.pieces.release(buffer)),
    )
    return slot
  } catch (error) {
    arena.slots.release(address)
    throw error
  }
}

async function writeSegment(
  pipeline: Pipeline,
  manifest: Manifest,
  segmentIndex: number,
  keys: SegmentKeys,
  slot: SlotLayout,
  options: WriteOptions,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const { plainBytes } = segmentSpan(manifest.bytes, segmentIndex)
  try {
    for await (const bytes of openSegment(pipeline, {
      slot,
      segment: { segmentIndex, plainBytes },
      keys,
      signal: options.signal,
    })) {
      await options.output.write(bytes)
      onWritten(bytes.length)
    }
  } finally {
    pipeline.arena.slots.release(slot.address)
  }
}
