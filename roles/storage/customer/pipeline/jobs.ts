import type { SerializedError } from '../../../api/errors.ts'
import type { SealedSegment } from '../../protocol/sealing.ts'

/** A segment in memory as k shards, `stride` bytes apart, of which `pieceBytes` each carry the sealed bytes. */
export type SlotLayout = {
  readonly address: number
  readonly stride: number
  readonly pieceBytes: number
  readonly k: number
}

/** Plain bytes at `plainAddress`, sealed into the slot, chunk after chunk. */
export type SealJob = {
  readonly kind: 'seal'
  readonly segment: SealedSegment
  readonly contentKey: Uint8Array
  readonly firstChunk: number
  readonly chunks: number
  readonly plainAddress: number
  readonly slot: SlotLayout
}

/** The reverse of `seal`. */
export type OpenJob = Omit<SealJob, 'kind'> & { readonly kind: 'open' }

/** Commits to the masked piece `index` of the slot's segment. */
export type CommitPieceJob = {
  readonly kind: 'commitPiece'
  readonly slot: SlotLayout
  readonly n: number
  readonly index: number
  readonly maskKey: Uint8Array
}

/** Makes the bytes [from, to) of the same masked piece; `from` is a multiple of 64 and the range at most `rangeBytes`. */
export type PieceRangeJob = Omit<CommitPieceJob, 'kind'> & {
  readonly kind: 'pieceRange'
  readonly from: number
  readonly to: number
}

/** Longest range of a piece that is made at once: with a header of 12 bytes it fits into one frame of yamux. */
export const rangeBytes = 256 * 1024 - 64

/** Checks a masked piece against its root and takes the mask off in place. */
export type CheckPieceJob = {
  readonly kind: 'checkPiece'
  readonly address: number
  readonly pieceBytes: number
  readonly index: number
  readonly maskKey: Uint8Array
  readonly root: Uint8Array
}

/** Rebuilds missing data shards of a slot from k unmasked pieces, for a range of bytes of each. */
export type DecodeJob = {
  readonly kind: 'decode'
  readonly k: number
  readonly n: number
  readonly present: readonly { readonly index: number; readonly address: number }[]
  readonly wanted: readonly { readonly index: number; readonly address: number }[]
  readonly from: number
  readonly to: number
}

export type PipelineJob = SealJob | OpenJob | CommitPieceJob | PieceRangeJob | CheckPieceJob | DecodeJob

export type JobResults = {
  seal: null
  open: null
  /** Root of the piece's tree. */
  commitPiece: { readonly root: Uint8Array }
  /** Memory of its own, handed over by the thread. */
  pieceRange: { readonly bytes: Uint8Array }
  /** False when the piece is not the one with that root; its bytes are then worthless. */
  checkPiece: { readonly intact: boolean }
  decode: null
}

export type JobMessage = { readonly id: number; readonly job: PipelineJob }
export type JobAnswer =
  | { readonly id: number; readonly kind: 'done'; readonly result: JobResults[PipelineJob['kind']] }
  | { readonly id: number; readonly kind: 'failed'; readonly error: SerializedError }

/** What a worker is born with. */
export type PipelineWorkerData = {
  readonly memory: WebAssembly.Memory
  /** Tables of the kernel. */
  readonly scratchAddress: number
  /** A block of a parity piece, while it is made. */
  readonly blockAddress: number
}
