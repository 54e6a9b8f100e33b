import { availableParallelism } from 'node:os'
import { openManifest, ManifestError } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret, type SegmentKeys } from '../protocol/segment-keys.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { sameAddress } from '../../api/values.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { fetchIntoSlot, rowsOf } from './fetch-into-slot.ts'
import { maximumExtra, type FetchBytes } from './fetch-segment.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { openRetrieval } from './open-retrieval.ts'
import { openOutputFile, type OutputFile } from './output-file.ts'
import { PeerRecord } from './peer-record.ts'
import { openSegment } from './pipeline/open-segment.ts'
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
  const retrieval = await openRetrieval(context, market, manifest)
  try {
    const output = await openOutputFile(options.output)
    const pipeline = openPipeline(manifest)
    try {
      await writeSegments(pipeline, manifest, secret, { ...options, output, fetchBytes: retrieval.fetchBytes })
      await output.finish()
    } finally {
      await pipeline.close()
      await output.discard()
    }
    const { bytes, segments, pathName } = manifest
    return { bytes, segments: segments.length, pathName, paidWei: retrieval.paidWei() }
  } finally {
    retrieval.close()
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
  { maskKey }: SegmentKeys,
  record: PeerRecord,
  { signal, fetchBytes }: WriteOptions,
): Promise<SlotLayout> {
  const { slots } = pipeline.arena
  const slotAddress = await slots.acquire({ signal })
  try {
    return await fetchIntoSlot({ pipeline, manifest, segmentIndex, slotAddress, maskKey, record, fetchBytes, signal })
  } catch (error) {
    slots.release(slotAddress)
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
