import { listPieces, listRepairedNodes, readNode, type Chain } from '../../../contracts/client/index.ts'
import type { CodedFile, ManifestPiece } from '../protocol/manifest.ts'

/**
 * The file with the present holders of pieces that a repairer moved (PROTOCOL 5.7): it moves a root as it is, so the new
 * holder is found by the root in the customer's sets. One request where no repairer ever worked for the customer.
 */
export async function refreshHolders<File extends CodedFile>(
  chain: Chain,
  customer: string,
  file: File,
  options: { readonly signal?: AbortSignal } = {},
): Promise<File> {
  const holders = new Map<string, { node: string; operator: string }>()
  for (const node of await listRepairedNodes(chain, customer, options)) {
    const operator = (await readNode(chain, node, options))!.operator
    for (const piece of await listPieces(chain, customer, node, options)) {
      if (!piece.removed) holders.set(piece.root, { node, operator })
    }
  }
  if (holders.size === 0) return file
  const moved = (piece: ManifestPiece): ManifestPiece => ({
    ...piece,
    ...holders.get(`0x${Buffer.from(piece.root).toString('hex')}`),
  })
  return { ...file, segments: file.segments.map((segment) => ({ ...segment, pieces: segment.pieces.map(moved) })) }
}
