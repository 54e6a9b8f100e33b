import { placeFiles } from '../protocol/archive-index.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { segmentSpan } from '../protocol/segments.ts'
import { openStoredArchive, pathsOf, type StoredArchive } from './archive/open-archive.ts'
import { openTreeWriter, type TreeWriter } from './archive/restore-tree.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { fetchSegments, type GetProgress, type SegmentSink } from './fetch-segments.ts'
import { subjectOf } from './part-file.ts'

export type GetTreeOptions = {
  readonly manifest: Uint8Array
  /** The folder below which everything appears; made when it is not there. */
  readonly folder: string
  /** One file or one folder with what is below it; null for all. */
  readonly path: string | null
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: GetProgress) => void
  /** Files of an interrupted get were found and are still what was verified then. */
  readonly onContinue?: (found: { readonly filesThere: number }) => void
}

export type GetTreeSummary = {
  readonly files: number
  readonly bytes: number
  /** Vouchers signed for it. */
  readonly paidWei: bigint
}

/** Read at once of a part of the files. */
const windowBytes = 8 * 1024 * 1024

/**
 * Restores files, folders and links of an archive, each file under its name only when it is whole. All of it comes segment by
 * segment; a part of it (`path`) by the ranges that hold it and nothing else. What an interrupted get had restored is kept.
 *
 * Throws ManifestError, ArchiveError, TooFewPiecesError, CancelledError, OUTPUT_UNWRITABLE.
 */
export async function getTree(context: CustomerContext, options: GetTreeOptions): Promise<GetTreeSummary> {
  const { signal } = options
  options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: 0 })
  const archive = await openStoredArchive(context, options.manifest, { signal })
  try {
    const { file, entries } = archive
    const wanted = pathsOf(entries, options.path)
    const subject = subjectOf(file.manifest)
    const writer = await openTreeWriter(options.folder, entries, wanted, { subject })
    if (writer.filesThere > 0) options.onContinue?.({ filesThere: writer.filesThere })
    try {
      if (options.path === null) await fetchAll(context, file.manifest, writer, archive, options)
      else await fetchRanges(archive, wanted, writer, options)
      await writer.finish()
    } finally {
      await writer.leave()
    }
    const files = placeFiles(entries).filter(({ path }) => wanted.has(path))
    return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), paidWei: file.paidWei() }
  } finally {
    archive.close()
  }
}

async function fetchAll(
  context: CustomerContext,
  manifest: Manifest,
  writer: TreeWriter,
  { file }: StoredArchive,
  options: GetTreeOptions,
): Promise<void> {
  const sink: SegmentSink = {
    wants(segment) {
      const { offsetBytes, plainBytes } = segmentSpan(manifest.bytes, segment)
      return writer.wants(offsetBytes, offsetBytes + plainBytes)
    },
    write: (position, bytes) => writer.write(position, bytes),
    segmentDone: () => Promise.resolve(),
  }
  const { fetchBytes } = file
  const { signal, onProgress } = options
  await fetchSegments(manifest, customerSecret(context.wallet), { sink, fetchBytes, signal, onProgress })
}

/** Neighbouring files are read together: a folder stands in one piece, since the tree was sorted. */
async function fetchRanges(
  { file, entries }: StoredArchive,
  wanted: ReadonlySet<string>,
  writer: TreeWriter,
  options: GetTreeOptions,
): Promise<void> {
  const { signal } = options
  const spans: { from: number; to: number }[] = []
  for (const { path, offsetBytes, bytes } of placeFiles(entries)) {
    if (!wanted.has(path) || !writer.wants(offsetBytes, offsetBytes + bytes)) continue
    const last = spans.at(-1)
    if (last?.to === offsetBytes) last.to += bytes
    else spans.push({ from: offsetBytes, to: offsetBytes + bytes })
  }
  const bytesTotal = spans.reduce((sum, { from, to }) => sum + to - from, 0)
  let bytesDone = 0
  for (const { from, to } of spans) {
    for (let at = from; at < to; at += windowBytes) {
      const bytes = await file.read(at, Math.min(windowBytes, to - at), { signal })
      await writer.write(at, bytes)
      bytesDone += bytes.length
      options.onProgress?.({ phase: 'fetching', bytesDone, bytesTotal })
    }
  }
}
