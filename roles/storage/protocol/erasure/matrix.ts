import { inverse, multiply, power } from './galois.ts'

/** Rows over GF(2^8), each as long as the matrix is wide. */
export type Matrix = readonly Uint8Array[]

/**
 * The systematic generator of a k of n code: a Vandermonde matrix times the inverse of its top square.
 *
 * Its first k rows are the identity (data shards are the data) and any k rows are independent. Row i makes shard i.
 * Throws RangeError unless 1 <= k <= n <= 255.
 */
export function generatorMatrix(k: number, n: number): Matrix {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 1 && n >= k && n <= 255)) {
    throw new RangeError(`A code has 1 <= k <= n <= 255, not k = ${k}, n = ${n}.`)
  }
  const vandermonde = Array.from({ length: n }, (_, row) =>
    Uint8Array.from({ length: k }, (_, column) => power(row, column)),
  )
  return multiplyMatrices(vandermonde, invertMatrix(vandermonde.slice(0, k)))
}

/**
 * The rows that turn k present shards back into some of the data shards.
 *
 * @param present indexes of the k shards at hand, in the order in which they will be handed to the kernel
 * @param wanted indexes of the data shards to compute
 */
export function decodingRows(generator: Matrix, present: readonly number[], wanted: readonly number[]): Matrix {
  const k = generator[0]!.length
  if (present.length !== k || new Set(present).size !== k) throw new RangeError(`Decoding needs ${k} distinct shards.`)
  const inverted = invertMatrix(present.map((index) => rowAt(generator, index)))
  return wanted.map((index) => rowAt(inverted, index))
}

export function multiplyMatrices(left: Matrix, right: Matrix): Matrix {
  const width = right[0]!.length
  return left.map((row) =>
    Uint8Array.from({ length: width }, (_, column) =>
      row.reduce((sum, value, index) => sum ^ multiply(value, right[index]![column]!), 0),
    ),
  )
}

/** Gauss-Jordan over GF(2^8). Throws RangeError for a matrix that has no inverse. */
export function invertMatrix(matrix: Matrix): Matrix {
  const size = matrix.length
  const work = matrix.map((row, index) => {
    const extended = new Uint8Array(2 * size)
    extended.set(row)
    extended[size + index] = 1
    return extended
  })
  for (let column = 0; column < size; column++) {
    const pivot = work.findIndex((row, index) => index >= column && row[column] !== 0)
    if (pivot < 0) throw new RangeError('The matrix has no inverse.')
    ;[work[column], work[pivot]] = [work[pivot]!, work[column]!]
    scaleRow(work[column]!, inverse(work[column]![column]!))
    work.forEach((row, index) => {
      if (index !== column && row[column] !== 0) addScaled(row, work[column]!, row[column]!)
    })
  }
  return work.map((row) => row.slice(size))
}

function scaleRow(row: Uint8Array, factor: number): void {
  for (let index = 0; index < row.length; index++) row[index] = multiply(row[index]!, factor)
}

function addScaled(row: Uint8Array, other: Uint8Array, factor: number): void {
  for (let index = 0; index < row.length; index++) row[index]! ^= multiply(other[index]!, factor)
}

function rowAt(matrix: Matrix, index: number): Uint8Array {
  const row = matrix[index]
  if (!row) throw new RangeError(`There is no shard ${index} in a code of ${matrix.length}.`)
  return row
}
