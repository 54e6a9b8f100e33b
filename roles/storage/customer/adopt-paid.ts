import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listPieces } from '../../../contracts/client/index.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest, ManifestPiece } from '../protocol/manifest.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { nodeCipher } from './node-crypto.ts'

/** A file with pieces that were paid for and that its manifest did not name. */
export type Adopted<File> = {
  readonly file: File
  /** How many pieces the file has gained. */
  readonly found: number
  /** The lost pieces in whose place they stand. */
  readonly replaced: readonly ManifestPiece[]
}

type Pieces = { readonly segments: readonly { readonly pieces: readonly ManifestPiece[] }[] }

/**
 * Looks for pieces that an earlier repair of the same file had paid for when it was interrupted: it kept its manifest before it
 * paid. Without this the next repair would make and pay them again. One request to the chain for each home in question, none
 * where no repair was interrupted. Throws errors of the chain.
 */
export async function adoptPaid(
  context: CustomerContext,
  manifest: Manifest,
  holds: (node: string) => boolean,
): Promise<Adopted<Manifest>> {
  const copies = await readCopiesOf(context, manifest)
  const nodes = [...new Set(copies.flatMap((copy) => unnamedNodes(manifest, copy)))].filter(holds)
  const lists = await mapParallel(nodes, 16, (node) => listPieces(context.chain, context.wallet.address, node))
  const listed = new Set(
    lists.flatMap((pieces, index) =>
      pieces.flatMap(({ root, removed }) => (removed ? [] : [nameOf(nodes[index]!, root)])),
    ),
  )
  return adoptPieces(manifest, copies, { holds, isPaid: ({ node, root }) => listed.has(nameOf(node, hexOf(root))) })
}

/**
 * Puts paid pieces of copies in the place of lost ones of the file, the same row where there is one; a home that the segment
 * has already and a row that a healthy piece has are passed over. Pure.
 */
export function adoptPieces<File extends Pieces>(
  file: File,
  copies: readonly Pieces[],
  known: {
    readonly holds: (node: string) => boolean
    readonly isPaid: (piece: ManifestPiece) => boolean
  },
): Adopted<File> {
  const replaced: ManifestPiece[] = []
  const segments = file.segments.map((segment, index) => {
    const pieces = [...segment.pieces]
    for (const piece of copies.flatMap((copy) => copy.segments[index]?.pieces ?? [])) {
      const place = placeFor(pieces, piece, known.holds)
      if (place < 0 || !known.holds(piece.node) || !known.isPaid(piece)) continue
      replaced.push(pieces[place]!)
      pieces[place] = piece
    }
    return { ...segment, pieces }
  })
  return { file: { ...file, segments }, found: replaced.length, replaced }
}

/** Index of the lost piece that a piece may stand for; -1 for none. */
function placeFor(pieces: readonly ManifestPiece[], piece: ManifestPiece, holds: (node: string) => boolean): number {
  if (pieces.some((one) => sameText(one.node, piece.node) || sameText(one.operator, piece.operator))) return -1
  const sameRow = pieces.findIndex((one) => one.index === piece.index)
  if (sameRow >= 0) return holds(pieces[sameRow]!.node) ? -1 : sameRow
  return pieces.findIndex((one) => !holds(one.node))
}

function unnamedNodes(file: Pieces, copy: Pieces): string[] {
  return copy.segments.flatMap(({ pieces }, index) => {
    const named = new Set(file.segments[index]?.pieces.map(({ node }) => node.toLowerCase()))
    return pieces.flatMap(({ node }) => (named.has(node.toLowerCase()) ? [] : [node]))
  })
}

/** Kept manifests of the same file; those of other files and customers are passed over. */
async function readCopiesOf(context: CustomerContext, manifest: Manifest): Promise<Manifest[]> {
  const folder = join(context.dataDirectory, 'manifests')
  const names = await readdir(folder).catch(() => [])
  const copies: Manifest[] = []
  for (const name of names.filter((each) => each.endsWith('.manifest')).sort()) {
    const copy = openCopy(context, await readFile(join(folder, name)))
    if (copy !== null && hexOf(copy.fileSalt) === hexOf(manifest.fileSalt)) copies.push(copy)
  }
  return copies
}

function openCopy({ wallet }: CustomerContext, sealed: Uint8Array): Manifest | null {
  try {
    return openManifest(nodeCipher, customerSecret(wallet), sealed)
  } catch {
    return null
  }
}

function nameOf(node: string, root: string): string {
  return `${root.toLowerCase()} on ${node.toLowerCase()}`
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
