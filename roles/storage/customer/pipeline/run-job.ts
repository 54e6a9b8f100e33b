import { createKernel, alignUp, RowEncoder, type Kernel } from '../../protocol/erasure/kernel.ts'
import { decodingRows, generatorMatrix } from '../../protocol/erasure/matrix.ts'
import { pieceMask } from '../../protocol/masking.ts'
import { PieceTreeBuilder } from '../../protocol/piece-tree.ts'
import { openChunk, sealChunk } from '../../protocol/sealing.ts'
import { chunkBytes, sealedChunkBytes, sealedLength } from '../../protocol/segments.ts'
import { blockBytes } from './arena.ts'
import { giveBackMemory } from '../give-back-memory.ts'
import { hashtreeHasher } from '../hashtree-hasher.ts'
import { nodeCipher } from '../node-crypto.ts'
import type {
  CheckPieceJob,
  CommitPieceJob,
  DecodeJob,
  JobResults,
  OpenJob,
  PieceRangeJob,
  PipelineJob,
  PipelineWorkerData,
  SealJob,
} from './jobs.ts'
import { readSealed, writeSealed, zeroAfter } from './slot-bytes.ts'

/** Runs pipeline jobs on a shared memory, one after the other. */
export function createJobRunner(data: PipelineWorkerData): (job: PipelineJob) => JobResults[PipelineJob['kind']] {
  const kernel = createKernel(data.memory)
  const memory = new Uint8Array(data.memory.buffer)
  return (job) => {
    switch (job.kind) {
      case 'seal':
        return seal(memory, job)
      case 'open':
        return open(memory, job)
      case 'commitPiece':
        return commitPiece(memory, kernel, data, job)
      case 'pieceRange':
        return pieceRange(memory, kernel, data, job)
      case 'checkPiece':
        return checkPiece(memory, job)
      case 'decode':
        return decode(kernel, data.scratchAddress, job)
    }
  }
}

function seal(memory: Uint8Array, job: SealJob): null {
  for (let index = 0; index < job.chunks; index++) {
    const chunk = job.firstChunk + index
    const start = job.plainAddress + index * chunkBytes
    const plain = memory.subarray(start, start + plainBytesOf(job, chunk))
    const sealed = sealChunk(nodeCipher, job.contentKey, job.segment, chunk, plain)
    writeSealed(memory, job.slot, chunk * sealedChunkBytes, sealed)
    giveBackMemory(sealed)
  }
  if ((job.firstChunk + job.chunks) * chunkBytes >= job.segment.plainBytes) {
    zeroAfter(memory, job.slot, sealedLength(job.segment.plainBytes))
  }
  return null
}

function open(memory: Uint8Array, job: OpenJob): null {
  for (let index = 0; index < job.chunks; index++) {
    const chunk = job.firstChunk + index
    const offset = chunk * sealedChunkBytes
    const end = Math.min(offset + sealedChunkBytes, sealedLength(job.segment.plainBytes))
    const sealed = readSealed(memory, job.slot, offset, end - offset)
    const plain = openChunk(nodeCipher, job.contentKey, job.segment, chunk, sealed)
    memory.set(plain, job.plainAddress + index * chunkBytes)
    giveBackMemory(plain)
  }
  return null
}

function plainBytesOf(job: SealJob, chunk: number): number {
  return Math.min(chunkBytes, job.segment.plainBytes - chunk * chunkBytes)
}

function commitPiece(
  memory: Uint8Array,
  kernel: Kernel,
  data: PipelineWorkerData,
  job: CommitPieceJob,
): JobResults['commitPiece'] {
  const unmasked = pieceBlocks(memory, kernel, data, job)
  const mask = pieceMask(nodeCipher, job.maskKey, job.index)
  const tree = new PieceTreeBuilder(hashtreeHasher)
  const { pieceBytes } = job.slot
  for (let from = 0; from < pieceBytes; from += blockBytes) {
    const masked = mask.apply(unmasked(from, Math.min(pieceBytes, from + blockBytes)))
    tree.update(masked)
    giveBackMemory(masked)
  }
  return { root: tree.digest().root }
}

function pieceRange(
  memory: Uint8Array,
  kernel: Kernel,
  data: PipelineWorkerData,
  job: PieceRangeJob,
): JobResults['pieceRange'] {
  const unmasked = pieceBlocks(memory, kernel, data, job)
  return { bytes: pieceMask(nodeCipher, job.maskKey, job.index, job.from).apply(unmasked(job.from, job.to)) }
}

/** Reads a piece before its mask: a data piece where it lies, a parity piece coded into the thread's own block. */
function pieceBlocks(
  memory: Uint8Array,
  kernel: Kernel,
  { scratchAddress, blockAddress }: PipelineWorkerData,
  { slot, n, index }: CommitPieceJob | PieceRangeJob,
): (from: number, to: number) => Uint8Array {
  const shards = Array.from({ length: slot.k }, (_, shard) => slot.address + shard * slot.stride)
  if (index < slot.k) return (from, to) => memory.subarray(shards[index]! + from, shards[index]! + to)
  const encoder = new RowEncoder(kernel, [generatorMatrix(slot.k, n)[index]!], scratchAddress)
  return (from, to) => {
    const sources = shards.map((address) => address + from)
    encoder.run(sources, [blockAddress], 0, alignUp(to - from))
    return memory.subarray(blockAddress, blockAddress + to - from)
  }
}

function checkPiece(memory: Uint8Array, job: CheckPieceJob): JobResults['checkPiece'] {
  const mask = pieceMask(nodeCipher, job.maskKey, job.index)
  const tree = new PieceTreeBuilder(hashtreeHasher)
  for (let from = 0; from < job.pieceBytes; from += blockBytes) {
    const to = Math.min(job.pieceBytes, from + blockBytes)
    const block = memory.subarray(job.address + from, job.address + to)
    tree.update(block)
    const unmasked = mask.apply(block)
    block.set(unmasked)
    giveBackMemory(unmasked)
  }
  const { root } = tree.digest()
  return { intact: root.every((byte, index) => byte === job.root[index]) }
}

function decode(kernel: Kernel, scratch: number, job: DecodeJob): null {
  const rows = decodingRows(
    generatorMatrix(job.k, job.n),
    job.present.map((shard) => shard.index),
    job.wanted.map((shard) => shard.index),
  )
  const encoder = new RowEncoder(kernel, rows, scratch)
  const sources = job.present.map((shard) => shard.address)
  const destinations = job.wanted.map((shard) => shard.address)
  for (let from = job.from; from < job.to; from += blockBytes) {
    encoder.run(sources, destinations, from, Math.min(job.to, from + blockBytes))
  }
  return null
}
