import { alignUp, createKernelMemory, scratchBytesFor } from '../../protocol/erasure/kernel.ts'
import { chunkBytes } from '../../protocol/segments.ts'
import { AddressPool } from './address-pool.ts'

/** Chunks sealed or opened by one job: 4 MiB of plain bytes, a few milliseconds of work. */
export const chunksPerJob = 64

/** What passes through all stages at once, while it lies in the second-level cache. */
export const blockBytes = 256 * 1024

/** Plain bytes that one staging area holds. */
export const stagingBytes = chunksPerJob * chunkBytes

export type ArenaOptions = {
  readonly threads: number
  readonly k: number
  readonly n: number
  /** Longest piece that this arena must hold. */
  readonly pieceBytes: number
  /** Whole sealed segments in memory at once. */
  readonly slots: number
  /** Single pieces in memory at once, beside the slots; a put makes its pieces on the way and needs none. */
  readonly pieceBuffers: number
  readonly stagingAreas: number
}

/** One shared memory for all stages, so that no stage copies between threads and a put's memory does not grow with the file. */
export type Arena = {
  readonly memory: WebAssembly.Memory
  /** Distance between the data shards of a slot: the longest piece, rounded up to what the kernel touches. */
  readonly stride: number
  /** For each thread: the kernel's tables, and a block of a piece. */
  readonly threadAddresses: readonly { readonly scratchAddress: number; readonly blockAddress: number }[]
  readonly staging: AddressPool
  readonly slots: AddressPool
  readonly pieces: AddressPool
  view(address: number, lengthBytes: number): Uint8Array
}

export function createArena(options: ArenaOptions): Arena {
  const stride = alignUp(options.pieceBytes)
  const scratch = Math.max(scratchBytesFor(options.n, options.k), scratchBytesFor(options.k, options.k))
  let end = 0
  const area = (count: number, bytes: number): number[] => {
    const addresses = Array.from({ length: count }, (_, index) => end + index * bytes)
    end += count * bytes
    return addresses
  }
  const blocks = area(options.threads, blockBytes)
  const threadAddresses = area(options.threads, scratch).map((scratchAddress, thread) => ({
    scratchAddress,
    blockAddress: blocks[thread]!,
  }))
  const staging = new AddressPool(area(options.stagingAreas, Math.min(stagingBytes, alignUp(options.k * stride))))
  const slots = new AddressPool(area(options.slots, options.k * stride))
  const pieces = new AddressPool(area(options.pieceBuffers, stride))
  const memory = createKernelMemory(end)
  return {
    memory,
    stride,
    threadAddresses,
    staging,
    slots,
    pieces,
    view: (address, lengthBytes) => new Uint8Array(memory.buffer, address, lengthBytes),
  }
}
