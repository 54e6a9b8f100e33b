import { bytesPerPixel, cellLengthBytes, countCells } from './cells.ts'
import { applyKeystream, hashKey } from './keystream.ts'
import type { RenderUnit } from './render-job.ts'
import { cellsOfSums, hashCell, sameBytes, treeOfCells, type ResultTree } from './result-tree.ts'

/** A finished unit as a node keeps it until it is paid: what it proves with, and what it gives away before the key. */
export type SealedResult = {
  readonly result: ResultTree
  readonly cipher: ResultTree
  /** Plain cells in order. */
  readonly cells: readonly Uint8Array[]
  /** Encrypted cells one after the other: what the customer holds before it pays. */
  readonly ciphertext: Uint8Array
  readonly keyHash: Uint8Array
}

type Size = Pick<RenderUnit, 'width' | 'height'>

/** Hides a unit's sums under a key that is used for nothing else, and makes both trees. Throws RangeError where the sums are of another size. */
export function sealResult(sums: Float32Array, unit: Size, key: Uint8Array): SealedResult {
  if (sums.length * 4 !== unit.width * unit.height * bytesPerPixel)
    throw new RangeError(`A unit of ${unit.width} x ${unit.height} pixels has other sums than these ${sums.length}.`)
  const cells = cellsOfSums(sums, unit)
  const hidden = cells.map((bytes, index) => applyKeystream(key, index, bytes))
  const ciphertext = new Uint8Array(sums.length * 4)
  hidden.reduce((at, bytes) => (ciphertext.set(bytes, at), at + bytes.length), 0)
  return { result: treeOfCells(cells), cipher: treeOfCells(hidden), cells, ciphertext, keyHash: hashKey(key) }
}

/** Cuts a ciphertext into its cells. Throws RangeError where it has another length than the unit's. */
export function splitCiphertext(ciphertext: Uint8Array, unit: Size): Uint8Array[] {
  if (ciphertext.length !== unit.width * unit.height * bytesPerPixel)
    throw new RangeError(
      `The ciphertext of a unit of ${unit.width} x ${unit.height} pixels is not ${ciphertext.length} bytes long.`,
    )
  let at = 0
  return Array.from({ length: countCells(unit) }, (_unused, index) => {
    const from = at
    at += cellLengthBytes(unit, index)
    return ciphertext.subarray(from, at)
  })
}

/** The outcome of opening a ciphertext with the key that was paid for. */
export type OpenedCipher =
  { readonly kind: 'opened'; readonly cells: Uint8Array[] } | { readonly kind: 'badKey'; readonly cell: number }

/**
 * Opens a ciphertext, and says which cell proves that the key is not the one that was promised: decrypted, it has not the hash that the
 * result's root stands on. `cellHashes` are checked against that root before.
 */
export function openCiphertext(
  hidden: readonly Uint8Array[],
  key: Uint8Array,
  cellHashes: readonly Uint8Array[],
): OpenedCipher {
  const cells = hidden.map((bytes, index) => applyKeystream(key, index, bytes))
  const cell = cells.findIndex((bytes, index) => !sameBytes(hashCell(bytes), cellHashes[index]!))
  return cell >= 0 ? { kind: 'badKey', cell } : { kind: 'opened', cells }
}
