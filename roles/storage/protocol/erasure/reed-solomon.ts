import { HearthError } from '../../../api/errors.ts'
import { alignUp, createKernel, createKernelMemory, RowEncoder, scratchBytesFor, type Kernel } from './kernel.ts'
import { decodingRows, generatorMatrix, type Matrix } from './matrix.ts'

/** Too few shards are left to bring the data back. */
export class TooFewShardsError extends HearthError {
  constructor(present: number, needed: number) {
    super('TOO_FEW_SHARDS', `Only ${present} of the ${needed} pieces that are needed are there.`, {
      details: { present, needed },
    })
  }
}

/** A shard with its place in the code: 0 to k - 1 are data, k to n - 1 parity. */
export type Shard = { readonly index: number; readonly bytes: Uint8Array }

/** Bytes of each shard worked on at once: all shards of a block stay in the second-level cache. */
const blockBytes = 8 * 1024

/**
 * A systematic k of n Reed-Solomon code over byte arrays that lie anywhere; copies blocks into the kernel's own memory.
 *
 * Shards of one call have the same length, any from one byte on. The code is positional, so a stream may be coded block by block.
 */
export class ReedSolomon {
  readonly k: number
  readonly n: number
  readonly #generator: Matrix
  readonly #kernel: Kernel
  readonly #scratchBytes: number
  readonly #parity: RowEncoder | null

  /** Throws RangeError unless 1 <= k <= n <= 255. */
  constructor(k: number, n: number) {
    this.k = k
    this.n = n
    this.#generator = generatorMatrix(k, n)
    const parityScratch = scratchBytesFor(n - k, k)
    this.#scratchBytes = parityScratch + scratchBytesFor(k, k)
    this.#kernel = createKernel(createKernelMemory(this.#scratchBytes + Math.max(n, 2 * k) * blockBytes))
    this.#parity = n > k ? new RowEncoder(this.#kernel, this.#generator.slice(k), 0) : null
  }

  /** Fills the n - k parity shards from the k data shards. */
  encode(data: readonly Uint8Array[], parity: readonly Uint8Array[]): void {
    checkShards(data, this.k)
    checkShards(parity, this.n - this.k, data[0]!.length)
    if (this.#parity) this.#through(this.#parity, data, parity)
  }

  /**
   * The k data shards from any k shards; those that are present are returned as they are, the others are new.
   *
   * Throws TooFewShardsError with fewer than k distinct shards.
   */
  reconstruct(shards: readonly Shard[]): Uint8Array[] {
    const byIndex = new Map(shards.map((shard) => [shard.index, shard.bytes]))
    const present = [...byIndex.keys()].sort((left, right) => left - right).slice(0, this.k)
    if (present.length < this.k) throw new TooFewShardsError(present.length, this.k)
    const sources = present.map((index) => byIndex.get(index)!)
    checkShards(sources, this.k)
    const missing = Array.from({ length: this.k }, (_, index) => index).filter((index) => !byIndex.has(index))
    const rebuilt = new Map(missing.map((index) => [index, new Uint8Array(sources[0]!.length)]))
    if (missing.length > 0) {
      const rows = decodingRows(this.#generator, present, missing)
      const encoder = new RowEncoder(this.#kernel, rows, scratchBytesFor(this.n - this.k, this.k))
      this.#through(encoder, sources, [...rebuilt.values()])
    }
    return Array.from({ length: this.k }, (_, index) => byIndex.get(index) ?? rebuilt.get(index)!)
  }

  #through(encoder: RowEncoder, sources: readonly Uint8Array[], destinations: readonly Uint8Array[]): void {
    const memory = new Uint8Array(this.#kernel.memory.buffer)
    const base = alignUp(this.#scratchBytes)
    const sourceAddresses = sources.map((_, index) => base + index * blockBytes)
    const destinationAddresses = destinations.map((_, index) => base + (sources.length + index) * blockBytes)
    const lengthBytes = sources[0]!.length
    for (let offset = 0; offset < lengthBytes; offset += blockBytes) {
      const end = Math.min(lengthBytes, offset + blockBytes)
      sources.forEach((source, index) => memory.set(source.subarray(offset, end), sourceAddresses[index]!))
      encoder.run(sourceAddresses, destinationAddresses, 0, alignUp(end - offset))
      destinations.forEach((destination, index) => {
        const address = destinationAddresses[index]!
        destination.set(memory.subarray(address, address + end - offset), offset)
      })
    }
  }
}

function checkShards(shards: readonly Uint8Array[], count: number, lengthBytes = shards[0]?.length ?? 0): void {
  if (shards.length !== count) throw new RangeError(`Expected ${count} shards, got ${shards.length}.`)
  if (shards.some((shard) => shard.length !== lengthBytes))
    throw new RangeError('All shards must have the same length.')
}
