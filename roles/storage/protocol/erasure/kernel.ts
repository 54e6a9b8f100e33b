import { multiply } from './galois.ts'
import { plainKernelBase64, relaxedKernelBase64 } from './kernel-code.ts'
import type { Matrix } from './matrix.ts'

/** Addresses handed to the kernel start and lengths end on multiples of this many bytes. */
export const kernelStrideBytes = 64

type KernelExports = {
  fourRows(
    tables: number,
    sources: number,
    count: number,
    a: number,
    b: number,
    c: number,
    d: number,
    from: number,
    to: number,
  ): void
  oneRow(tables: number, sources: number, count: number, first: number, from: number, to: number): void
}

/** The compiled kernel on one memory; workers that share the memory each make their own. */
export type Kernel = { readonly memory: WebAssembly.Memory; readonly run: KernelExports }

const compiled: { module?: WebAssembly.Module } = {}

function kernelModule(): WebAssembly.Module {
  if (compiled.module) return compiled.module
  const relaxed = fromBase64(relaxedKernelBase64)
  compiled.module = new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : fromBase64(plainKernelBase64))
  return compiled.module
}

/** Which of the two kernels this engine runs. */
export function kernelKind(): 'relaxedSimd' | 'simd' {
  return WebAssembly.validate(fromBase64(relaxedKernelBase64)) ? 'relaxedSimd' : 'simd'
}

/** A shared memory of at least that many bytes; untouched pages cost nothing. */
export function createKernelMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65536)
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
}

export function createKernel(memory: WebAssembly.Memory): Kernel {
  const instance = new WebAssembly.Instance(kernelModule(), { env: { memory } })
  return { memory, run: instance.exports as unknown as KernelExports }
}

/** Bytes that a RowEncoder needs for its tables and addresses. */
export function scratchBytesFor(rows: number, sources: number): number {
  return alignUp(rows * sources * 32) + alignUp(sources * 4)
}

/**
 * Computes fixed rows of a matrix over shards that lie in the kernel's memory.
 *
 * The scratch area of `scratchBytesFor` bytes belongs to this encoder alone as long as it is used.
 */
export class RowEncoder {
  readonly #kernel: Kernel
  readonly #rows: number
  readonly #sources: number
  readonly #tables: number
  readonly #addresses: Uint32Array

  constructor(kernel: Kernel, rows: Matrix, scratchAddress: number) {
    this.#kernel = kernel
    this.#rows = rows.length
    this.#sources = rows[0]?.length ?? 0
    this.#tables = scratchAddress
    const tableBytes = rows.length * this.#sources * 32
    writeTables(new Uint8Array(kernel.memory.buffer, scratchAddress, tableBytes), rows)
    this.#addresses = new Uint32Array(kernel.memory.buffer, scratchAddress + alignUp(tableBytes), this.#sources)
  }

  /**
   * destination[r] = row r times the sources, for bytes [from, to) of every shard.
   *
   * Addresses and `from`, `to` are multiples of `kernelStrideBytes`; what lies between a shard's end and `to` is overwritten.
   */
  run(sources: readonly number[], destinations: readonly number[], from: number, to: number): void {
    if (sources.length !== this.#sources || destinations.length !== this.#rows)
      throw new RangeError('Wrong number of shards.')
    this.#addresses.set(sources)
    const [list, count, run] = [this.#addresses.byteOffset, this.#sources, this.#kernel.run]
    const rowBytes = count * 32
    const grouped = this.#rows - (this.#rows % 4)
    for (let row = 0; row < grouped; row += 4) {
      const [a, b, c, d] = destinations.slice(row, row + 4) as [number, number, number, number]
      run.fourRows(this.#tables + row * rowBytes, list, count, a, b, c, d, from, to)
    }
    for (let row = grouped; row < this.#rows; row++) {
      run.oneRow(this.#tables + row * rowBytes, list, count, destinations[row]!, from, to)
    }
  }
}

/** Rounds up to the kernel's stride. */
export function alignUp(bytes: number): number {
  return Math.ceil(bytes / kernelStrideBytes) * kernelStrideBytes
}

/** Groups of four rows interleave their tables source by source, as the kernel walks through them. */
function writeTables(target: Uint8Array, rows: Matrix): void {
  const grouped = rows.length - (rows.length % 4)
  const order = rows.flatMap((row, index) =>
    Array.from(row, (coefficient, source) => {
      const group = index - (index % 4)
      const slot = index < grouped ? group * row.length + source * 4 + (index % 4) : index * row.length + source
      return { slot, coefficient }
    }),
  )
  for (const { slot, coefficient } of order) {
    for (let nibble = 0; nibble < 16; nibble++) {
      target[slot * 32 + nibble] = multiply(coefficient, nibble)
      target[slot * 32 + 16 + nibble] = multiply(coefficient, nibble << 4)
    }
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  return Uint8Array.from({ length: binary.length }, (_, index) => binary.charCodeAt(index))
}
