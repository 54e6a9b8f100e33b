import { rangeBytes, type SlotLayout } from '../pipeline/jobs.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'

/** A whole masked piece and its root, made as an upload makes it. */
export async function makePiece(
  pipeline: Pipeline,
  piece: { readonly slot: SlotLayout; readonly n: number; readonly index: number; readonly maskKey: Uint8Array },
): Promise<{ root: Uint8Array; bytes: Uint8Array }> {
  const { root } = await pipeline.run({ kind: 'commitPiece', ...piece })
  const { pieceBytes } = piece.slot
  const parts: Uint8Array[] = []
  for (let from = 0; from < pieceBytes; from += rangeBytes) {
    const to = Math.min(pieceBytes, from + rangeBytes)
    parts.push((await pipeline.run({ kind: 'pieceRange', ...piece, from, to })).bytes)
  }
  return { root, bytes: new Uint8Array(Buffer.concat(parts)) }
}
