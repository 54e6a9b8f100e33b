import { createKernel, alignUp, RowEncoder, type Kernel } from '../../protocol/erasure/kernel.ts'
import { decodingRows, generatorMatrix } from '../../protocol/erasure/matrix.ts'
import { pieceMask } from '../../protocol/masking.ts'
import { PieceTreeBuilder } from '../../protocol/piece-tree.ts'
import { openChunk, sealChunk } from '../../protocol/sealing.ts'
import { chunkBytes, sealedChunkBytes, sealedLength } from '../../protocol/segments.ts'
import { hashtreeHasher } from '../hashtree-hasher.ts'
import { nodeCipher } from '../node-crypto.ts'
import type {
  CheckPieceJob,
  DecodeJob,
  JobResults,
  MakePieceJob,
  OpenJob,
  PipelineJob,
  PipelineWorkerData,
  SealJob,
} from './jobs.ts'
import { readSealed, writeSealed, zeroAfter } from './slot-bytes.ts'

/** A block passes through all stages while it lies in the second-level cache. */
const blockBytes = 256 * 1024

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
      case 'makePiece':
        return makePiece(memory, kernel, data.scratchAddress, job)
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
    memory.set(openChunk(nodeCipher, job.contentKey, job.segment, chunk, sealed), job.plainAddress + index * chunkBytes)
  }
  return null
}

function plainBytesOf(job: SealJob, chunk: number): number {
  return Math.min(chunkBytes, job.segment.plainBytes - chunk * chunkBytes)
}

function makePiece(memory: Uint8Array, kernel: Kernel, scratch: number, job: MakePieceJob): JobResults['makePiece'] {
  const { slot, index, address } = job
  const shards = Array.from({ length: slot.k }, (_, shard) => slot.address + shard * slot.stride)
  const encoder = index < slot.k ? null : new RowEncoder(kernel, [generatorMatrix(slot.k, job.n)[index]!], scratch)
  const mask = pieceMask(nodeCipher, job.maskKey, index)
  const tree = new PieceTreeBuilder(hashtreeHasher)
  for (let from = 0; from < slot.pieceBytes; from += blockBytes) {
    const to = Math.min(slot.pieceBytes, from + blockBytes)
    encoder?.run(shards, [address], from, alignUp(to))
    const source = encoder ? address : shards[index]!
    const masked = mask.apply(memory.subarray(source + from, source + to))
    memory.set(masked, address + from)
    tree.update(masked)
  }
  return { root: tree.digest().root }
}

function checkPiece(memory: Uint8Array, job: CheckPieceJob): JobResults['checkPiece'] {
  const mask = pieceMask(nodeCipher, job.maskKey, job.index)
  const tree = new PieceTreeBuilder(hashtreeHasher)
  for (let from = 0; from < job.pieceBytes; from += blockBytes) {
    const to = Math.min(job.pieceBytes, from + blockBytes)
    const block = memory.subarray(job.address + from, job.address + to)
    tree.update(block)
    block.set(mask.apply(block))
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
