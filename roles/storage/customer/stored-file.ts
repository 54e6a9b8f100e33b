import { HearthError } from '../../api/errors.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret } from '../protocol/segment-keys.ts'
import { segmentBytes } from '../protocol/segments.ts'
import type { CustomerContext } from './context.ts'
import type { FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import { openCurrent } from './open-current.ts'
import { openRetrieval } from './open-retrieval.ts'
import { PeerRecord } from './peer-record.ts'
import { readSegment } from './read-segment.ts'

/** A stored file from which any bytes can be read, as from a file on disk. */
export type StoredFile = {
  readonly bytes: number
  readonly pathName: string
  readonly manifest: Manifest
  /** Fetches pieces of it as they are, paid for; for whoever reads whole segments. */
  readonly fetchBytes: FetchBytes
  /**
   * Bytes [first, first + length), checked. Only what holds them is fetched.
   *
   * Throws RANGE_INVALID, TooFewPiecesError, CancelledError and errors of the network.
   */
  read(first: number, length: number, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array>
  /** Vouchers signed for it so far, to the nodes of the file. */
  paidWei(): bigint
  close(): void
}

/** Opens a stored file for reading. The caller closes it. Throws ManifestError and errors of the chain. */
export async function openStoredFile(context: CustomerContext, manifestFile: Uint8Array): Promise<StoredFile> {
  const { manifest, market, secret } = await openCurrent(context, manifestFile)
  const retrieval = await openRetrieval(context, market, manifest)
  const key = pathKey(nodeCipher, secret, manifest.fileSalt, manifest.pathName)
  const record = new PeerRecord()
  const { fetchBytes } = retrieval
  const { bytes, pathName } = manifest
  return {
    bytes,
    pathName,
    manifest,
    fetchBytes,
    async read(first, length, { signal } = {}) {
      checkRange(bytes, first, length)
      const result = new Uint8Array(length)
      for (let done = 0; done < length;) {
        const segmentIndex = Math.floor((first + done) / segmentBytes)
        const { wrappedSecret } = manifest.segments[segmentIndex]!
        const keys = deriveSegmentKeys(nodeCipher, unwrapSegmentSecret(nodeCipher, key, segmentIndex, wrappedSecret))
        const from = (first + done) % segmentBytes
        const to = Math.min(segmentBytes, from + length - done)
        const part = await readSegment({ manifest, segmentIndex, keys, record, fetchBytes, signal }, from, to)
        result.set(part, done)
        done += part.length
      }
      return result
    },
    paidWei: () => retrieval.paidWei(),
    close: () => retrieval.close(),
  }
}

function checkRange(bytes: number, first: number, length: number): void {
  if (
    Number.isSafeInteger(first) &&
    Number.isSafeInteger(length) &&
    first >= 0 &&
    length > 0 &&
    first + length <= bytes
  )
    return
  throw new HearthError('RANGE_INVALID', `The file has ${bytes} bytes; there are no ${length} from byte ${first} on.`, {
    action: 'Ask for bytes that the file has, counted from 0.',
    details: { bytes, first, length },
  })
}
