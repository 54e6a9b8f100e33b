import { z } from 'zod'
import { addressSchema } from '../../api/values.ts'
import { largestIndexBytes, mostEntries } from './archive-index.ts'
import { maximumPieceBytes } from './frames.ts'
import { pieceLength, segmentCount, segmentSpan } from './segments.ts'
import { tagBytes } from './cipher.ts'
import { segmentSecretBytes } from './segment-keys.ts'

const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `expected ${length} bytes`)

export const manifestPieceSchema = z.strictObject({
  /** Row of the code: below k data, else parity. */
  index: z.number().int().min(0).max(254),
  node: addressSchema,
  operator: addressSchema,
  /** Root of the masked piece's tree, as it is on chain. */
  root: bytesOf(32),
})

export const manifestSegmentSchema = z.strictObject({
  /** The segment's secret under the path key. */
  wrappedSecret: bytesOf(segmentSecretBytes + tagBytes),
  pieces: z.array(manifestPieceSchema).min(1).max(255),
})

/** Where the table of contents of many files stands in the stored stream; it fills the stream to its end. */
export const archivePlaceSchema = z.strictObject({
  indexOffset: z.number().int().nonnegative(),
  entries: z.number().int().min(1).max(mostEntries),
})

/** Everything that brings one file back, apart from the customer's secret. */
export const manifestSchema = z
  .strictObject({
    /** 2 where the stream holds many files; a single one is written as before, so that older versions read it. */
    formatVersion: z.union([z.literal(1), z.literal(2)]),
    chainId: z.number().int().positive(),
    market: addressSchema,
    customer: addressSchema,
    fileSalt: bytesOf(32),
    /** Path or name as the customer gave it; takes part in the keys. */
    pathName: z.string().min(1).max(4096),
    bytes: z.number().int().nonnegative(),
    k: z.number().int().min(1).max(255),
    n: z.number().int().min(1).max(255),
    createdAtSeconds: z.number().int().nonnegative(),
    segments: z.array(manifestSegmentSchema).min(1),
    /** Segments where the rule about new operators (PROTOCOL 5.8) was waived, since too few older ones offered space. */
    spreadWaived: z.array(z.number().int().nonnegative()),
    archive: archivePlaceSchema.optional(),
  })
  .superRefine((manifest, context) => {
    for (const problem of inconsistencies(manifest)) context.addIssue({ code: 'custom', message: problem })
  })

export type Manifest = Readonly<z.infer<typeof manifestSchema>>
export type ArchivePlace = Readonly<z.infer<typeof archivePlaceSchema>>
export type ManifestPiece = Readonly<z.infer<typeof manifestPieceSchema>>

/** How a file is coded and who holds its pieces: all that a repair needs beside the mask keys. */
export type CodedFile = Readonly<Pick<Manifest, 'bytes' | 'k' | 'n'>> & {
  readonly segments: readonly { readonly pieces: readonly ManifestPiece[] }[]
}

type Shape = {
  formatVersion: 1 | 2
  archive?: { indexOffset: number } | undefined
  bytes: number
  k: number
  n: number
  segments: { pieces: { index: number }[] }[]
}

function* inconsistencies(manifest: Shape): Generator<string> {
  const { archive } = manifest
  if ((archive !== undefined) !== (manifest.formatVersion === 2)) yield 'its format does not fit its content'
  if (archive !== undefined && archive.indexOffset >= manifest.bytes) yield 'the table of contents lies outside'
  if (archive !== undefined && manifest.bytes - archive.indexOffset > largestIndexBytes)
    yield 'the table of contents is too long'
  if (manifest.k > manifest.n) yield 'k is greater than n'
  if (manifest.segments.length !== segmentCount(manifest.bytes)) yield 'the number of segments does not fit the length'
  for (const [index, segment] of manifest.segments.entries()) {
    if (segment.pieces.length < manifest.k) yield `segment ${index} has fewer than k pieces`
    if (new Set(segment.pieces.map((piece) => piece.index)).size !== segment.pieces.length) {
      yield `segment ${index} names a piece twice`
    }
  }
  if (pieceLength(segmentSpan(manifest.bytes, 0).plainBytes, manifest.k) > maximumPieceBytes)
    yield 'pieces are too long'
}
