import { hexlify } from 'ethers'
import { listPieces, readHeir, type Chain } from '../../../contracts/client/index.ts'
import type { CodedFile, ManifestPiece } from '../protocol/manifest.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'

/** What must be known of handovers; the chain answers, tests may too. */
export type Heritage = {
  /** The node to which this customer's set on a node was handed over, or null. */
  heirOf(node: string): Promise<string | null>
  operatorOf(node: string): Promise<string>
  /** Roots that count in this customer's set on a node. */
  rootsAt(node: string): Promise<ReadonlySet<string>>
}

/** An heir may leave too, and its heir; nobody follows for ever. */
const longestChain = 16
const parallelReads = 16

/**
 * The manifest with every piece at the node that has it now (PROTOCOL 5.6): a provider that left handed its pieces to an
 * heir, and the customer may have been away. The same manifest when nothing moved. Throws errors of the chain.
 */
export async function followHeirs<File extends CodedFile>(manifest: File, heritage: Heritage): Promise<File> {
  let current = manifest
  for (let hop = 0; hop < longestChain; hop++) {
    const nodes = [...new Set(current.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))]
    const moves = new Map<string, Move>()
    await mapParallel(nodes, parallelReads, async (node) => {
      const heir = await heritage.heirOf(node)
      if (heir === null) return
      const [operator, roots] = await Promise.all([heritage.operatorOf(heir), heritage.rootsAt(heir)])
      moves.set(node, { node: heir, operator, roots })
    })
    const next = moved(current, moves)
    if (next === current) return current
    current = next
  }
  return current
}

type Move = { readonly node: string; readonly operator: string; readonly roots: ReadonlySet<string> }

function moved<File extends CodedFile>(manifest: File, moves: ReadonlyMap<string, Move>): File {
  let changed = false
  const follow = (piece: ManifestPiece): ManifestPiece => {
    const move = moves.get(piece.node)
    if (move === undefined || !move.roots.has(hexlify(piece.root))) return piece
    changed = true
    return { ...piece, node: move.node, operator: move.operator }
  }
  const segments = manifest.segments.map((segment) => ({ ...segment, pieces: segment.pieces.map(follow) }))
  return changed ? { ...manifest, segments } : manifest
}

/** What the chain knows of a customer's handovers. */
export function heritageOf(chain: Chain, customer: string, operatorOf: Heritage['operatorOf']): Heritage {
  return {
    heirOf: (node) => readHeir(chain, customer, node),
    operatorOf,
    async rootsAt(node) {
      const pieces = await listPieces(chain, customer, node)
      return new Set(pieces.filter((piece) => !piece.removed).map((piece) => piece.root.toLowerCase()))
    },
  }
}
