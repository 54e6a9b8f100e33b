import { ManifestError } from '../protocol/manifest-envelope.ts'
import type { CustomerContext } from './context.ts'
import { fetchSegments, type GetProgress } from './fetch-segments.ts'
import { openCurrent } from './open-current.ts'
import { openRetrieval } from './open-retrieval.ts'
import { openPartFile } from './part-file.ts'

export type { GetProgress } from './fetch-segments.ts'

export type GetOptions = {
  readonly manifest: Uint8Array
  /** Where the file shall appear; it does so only when it is complete and checked. */
  readonly output: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: GetProgress) => void
  /** Segments of an interrupted get were found and are still what was verified then. */
  readonly onContinue?: (found: { readonly segmentsThere: number }) => void
}

export type GetSummary = {
  readonly bytes: number
  readonly segments: number
  readonly pathName: string
  /** Vouchers signed for it. */
  readonly paidWei: bigint
}

/**
 * Brings a file back from any k pieces of every segment: verified piece by piece and chunk by chunk, written as it comes. What an
 * interrupted get had verified is beside the output and is not fetched again.
 *
 * Throws ManifestError (MANIFEST_OF_FOLDER for many files, see `getTree`), TooFewPiecesError, CancelledError, OUTPUT_UNWRITABLE and errors of the chain.
 */
export async function getFile(context: CustomerContext, options: GetOptions): Promise<GetSummary> {
  const { manifest, written, market, secret } = await openCurrent(context, options.manifest, options)
  if (manifest.archive !== undefined) {
    throw new ManifestError('MANIFEST_OF_FOLDER', 'This manifest holds several files, not one.', {
      action: 'Restore them into a folder.',
    })
  }
  options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: manifest.bytes })
  const retrieval = await openRetrieval(context, market, manifest)
  try {
    const part = await openPartFile(options.output, written)
    if (part.segmentsThere > 0) options.onContinue?.({ segmentsThere: part.segmentsThere })
    try {
      await fetchSegments(manifest, secret, { ...options, sink: part, fetchBytes: retrieval.fetchBytes })
      await part.finish()
    } finally {
      await part.leave()
    }
    const { bytes, segments, pathName } = manifest
    return { bytes, segments: segments.length, pathName, paidWei: retrieval.paidWei() }
  } finally {
    retrieval.close()
  }
}
