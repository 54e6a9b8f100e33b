/**
 * How sums of blocks are added, so that floats come out the same whoever renders which part. Addition of floats depends on
 * the order; the order here is one fixed binary tree over the block numbers. After each block, neighbours of equal size merge
 * (left + right, rounded to 32 bits), as digits carry in a binary counter; what is left at the end is added from the
 * largest range to the smallest. A range of 2^j blocks that starts at a multiple of its size is one subtree, so its single
 * sum can be made elsewhere and put in its place.
 */

/** The sums over `blockCount` blocks, a power of two, from one that is a multiple of it. */
export type RangeSum = { readonly blockCount: number; readonly sums: Float32Array<ArrayBuffer> }

function addInPlace(left: Float32Array<ArrayBuffer>, right: Float32Array): Float32Array<ArrayBuffer> {
  if (left.length !== right.length)
    throw new RangeError(`Sums of ${left.length} and of ${right.length} numbers are not of the same pixels.`)
  for (let index = 0; index < left.length; index++) left[index] = left[index]! + right[index]!
  return left
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && Number.isInteger(Math.log2(value))
}

/**
 * Puts the next range behind the pending ones (largest first) and merges equals. Takes the arrays over: it writes into
 * them. Throws RangeError where the range does not fit, which is where it does not start at a multiple of its size.
 */
export function appendRange(pending: readonly RangeSum[], range: RangeSum): RangeSum[] {
  const smallest = pending.at(-1)
  if (!isPowerOfTwo(range.blockCount) || (smallest !== undefined && smallest.blockCount < range.blockCount))
    throw new RangeError(`A range of ${range.blockCount} blocks cannot follow one of ${smallest?.blockCount ?? 0}.`)
  const result = [...pending]
  let last = range
  while (result.at(-1)?.blockCount === last.blockCount) {
    const left = result.pop()!
    last = { blockCount: left.blockCount * 2, sums: addInPlace(left.sums, last.sums) }
  }
  result.push(last)
  return result
}

/** The sum over all pending ranges, from the largest to the smallest; null where there is none. Leaves them as they are. */
export function foldRanges(pending: readonly RangeSum[]): Float32Array<ArrayBuffer> | null {
  const [first, ...rest] = pending
  if (first === undefined) return null
  return rest.reduce((sum, range) => addInPlace(sum, range.sums), first.sums.slice())
}

/** Sizes of the pending ranges after so many blocks, largest first: the digits of the number in base two. */
export function pendingSizes(blocks: number): number[] {
  const sizes: number[] = []
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, blocks))); size >= 1; size /= 2) {
    if (Math.floor(blocks / size) % 2 === 1) sizes.push(size)
  }
  return sizes
}

/** Pending ranges from a checkpoint. Throws RangeError where the number of arrays does not belong to that many blocks. */
export function restoreRanges(blocksDone: number, sums: readonly Float32Array[]): RangeSum[] {
  const sizes = pendingSizes(blocksDone)
  if (sizes.length !== sums.length)
    throw new RangeError(`A checkpoint after ${blocksDone} blocks holds ${sizes.length} sums, not ${sums.length}.`)
  return sizes.map((blockCount, index) => ({ blockCount, sums: sums[index]!.slice() }))
}
