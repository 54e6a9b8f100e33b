import { listDataSets, readHeir, readNode, type Chain } from '../../../contracts/client/index.ts'
import type { Manifest, ManifestPiece } from '../protocol/manifest.ts'

type Coded = Pick<Manifest, 'segments'>
type Holder = { readonly node: string; readonly operator: string }

/** An heir may leave too; nobody needs to follow more often than homes exist, and a circle ends here. */
const mostSteps = 16

/**
 * The file with the present holders of pieces whose home left and handed them over (PROTOCOL 5.6): the set that was left
 * names its heir on the chain. Asks nothing further where every home of the file is still at work.
 */
export async function followHeirs<File extends Coded>(
  chain: Chain,
  customer: string,
  file: File,
  options: { readonly signal?: AbortSignal } = {},
): Promise<File> {
  const sets = await listDataSets(chain, { customer }, options)
  const states = new Map(sets.map((set) => [set.node.toLowerCase(), set.state]))
  const nodes = new Set(file.segments.flatMap((segment) => segment.pieces.map((piece) => piece.node.toLowerCase())))
  const heirs = new Map<string, Holder>()
  for (const node of nodes) {
    if (states.get(node) === 'active') continue
    const heir = await lastHeir(chain, customer, node, states)
    if (heir !== null) heirs.set(node, heir)
  }
  if (heirs.size === 0) return file
  const moved = (piece: ManifestPiece): ManifestPiece => ({ ...piece, ...heirs.get(piece.node.toLowerCase()) })
  return { ...file, segments: file.segments.map((segment) => ({ ...segment, pieces: segment.pieces.map(moved) })) }
}

async function lastHeir(
  chain: Chain,
  customer: string,
  left: string,
  states: ReadonlyMap<string, string>,
): Promise<Holder | null> {
  let heir: string | null = null
  for (let step = 0, node = left; step < mostSteps; step++) {
    const next = await readHeir(chain, customer, node)
    if (next === null) break
    heir = node = next
    if (states.get(node.toLowerCase()) === 'active') break
  }
  const entry = heir === null ? null : await readNode(chain, heir)
  return heir === null || entry === null ? null : { node: heir, operator: entry.operator }
}
