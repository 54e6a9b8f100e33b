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

/** Makes the masked piece `index` of the slot's segment and commits to it. */
export type MakePieceJob = {
  readonly kind: 'makePiece'
  readonly slot: SlotLayout
  readonly n: number
  readonly index: number
  readonly maskKey: Uint8Array
  readonly address: number
}

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

export type PipelineJob = SealJob | OpenJob | MakePieceJob | CheckPieceJob | DecodeJob

export type JobResults = {
  seal: null
  open: null
  /** Root of the piece's tree. */
  makePiece: { readonly root: Uint8Array }
  /** False when the piece is not the one with that root; its bytes are then worthless. */
  checkPiece: { readonly intact: boolean }
  decode: null
}

export type JobMessage = { readonly id: number; readonly job: PipelineJob }
export type JobAnswer =
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly error: SerializedError }

/** What a worker is born with. */
export type PipelineWorkerData = { readonly memory: WebAssembly.Memory; readonly scratchAddress: number }
