import { CancelledError } from '../../api/errors.ts'
import { ReedSolomon } from '../protocol/erasure/reed-solomon.ts'
import type { ShardPart } from '../protocol/locate-range.ts'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { pieceMask } from '../protocol/masking.ts'
import { reasonOf, TooFewPiecesError } from './errors.ts'
import { rowsOf } from './fetch-into-slot.ts'
import type { FetchBytes } from './fetch-segment.ts'
import { linkSignal } from '../../upkeep/linked-signal.ts'
import { nodeCipher } from './node-crypto.ts'
import { brisk } from './patience.ts'
import type { PeerRecord } from './peer-record.ts'

export type FetchColumnsOptions = {
  readonly segmentIndex: number
  readonly k: number
  readonly pieces: readonly ManifestPiece[]
  readonly maskKey: Uint8Array
  readonly record: PeerRecord
  readonly fetchBytes: FetchBytes
  readonly signal?: AbortSignal
}

/** The direct way gets so long before the others are asked as well: a few round trips. */
const hedgeAfterMs = 400

/**
 * Brings one part of a data shard, unmasked: from the provider that holds that piece, and when it fails or is slow from any k
 * others by decoding the same columns. The bytes are not checked; their chunks' tags do that. With `direct: false` only others.
 *
 * Throws TooFewPiecesError or CancelledError.
 */
export async function fetchColumns(
  options: FetchColumnsOptions,
  part: ShardPart,
  way: { readonly direct: boolean },
): Promise<Uint8Array> {
  const holder = way.direct ? options.pieces.find((piece) => piece.index === part.shard) : undefined
  if (!holder) return rebuild(options, part)
  const link = linkSignal(options.signal)
  try {
    const direct = fetchPart(options, holder, part, link.signal)
    const others = startUnlessQuick(direct, link.signal).then(() => rebuild({ ...options, signal: link.signal }, part))
    return await Promise.any([direct, others])
  } catch (error) {
    if (options.signal?.aborted) throw new CancelledError('Fetching')
    throw error instanceof AggregateError ? error.errors.at(-1) : error
  } finally {
    link.release()
    link.abort(new CancelledError('A spare fetch'))
  }
}

/** Resolves when the direct way failed or takes long; never when it came through. */
function startUnlessQuick(direct: Promise<Uint8Array>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, hedgeAfterMs)
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(new CancelledError('Fetching'))), {
      once: true,
    })
    direct.catch(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function fetchPart(
  { maskKey, record, fetchBytes }: FetchColumnsOptions,
  piece: ManifestPiece,
  { from, to }: ShardPart,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const masked = new Uint8Array(to - from)
  try {
    await fetchBytes(piece, masked, { signal, patience: brisk, offsetBytes: from })
  } catch (error) {
    if (!signal.aborted) record.failed(piece.node)
    throw error
  }
  record.served(piece.node)
  return pieceMask(nodeCipher, maskKey, piece.index, from).apply(masked)
}

/** k of the other pieces at once, the next in line for each that fails. */
async function rebuild(options: FetchColumnsOptions, part: ShardPart): Promise<Uint8Array> {
  const { k, record, segmentIndex } = options
  const queue = options.pieces
    .filter((piece) => piece.index !== part.shard)
    .sort((left, right) => record.rank(left.node) - record.rank(right.node))
  const link = linkSignal(options.signal)
  const shards: { index: number; bytes: Uint8Array }[] = []
  const reasons: string[] = []
  const worker = async (): Promise<void> => {
    for (let piece = queue.shift(); piece && shards.length < k && !link.signal.aborted; piece = queue.shift()) {
      try {
        shards.push({ index: piece.index, bytes: await fetchPart(options, piece, part, link.signal) })
        if (shards.length >= k) link.abort(new CancelledError('A spare fetch'))
        return
      } catch (error) {
        reasons.push(`${piece.node}: ${reasonOf(error)}`)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: k }, worker))
  } finally {
    link.release()
  }
  if (options.signal?.aborted) throw new CancelledError('Fetching')
  if (shards.length < k) throw new TooFewPiecesError(segmentIndex, shards.length, k, reasons)
  return new ReedSolomon(k, Math.max(k, rowsOf(options.pieces))).reconstruct(shards.slice(0, k))[part.shard]!
}
