import { keccak_256 } from '@noble/hashes/sha3.js'

/**
 * How many of `cellCount` cells must be looked at so that a result in which `forgedShare` of them is not what was asked for is
 * found out with `probability` (drawing without replacement). At least one, at most all.
 */
export function cellsToCheck(cellCount: number, o: { forgedShare: number; probability: number }): number {
  const forged = Math.max(1, Math.floor(cellCount * o.forgedShare))
  let missed = 1
  for (let drawn = 0; drawn < cellCount; drawn++) {
    if (1 - missed >= o.probability) return Math.max(1, drawn)
    missed *= Math.max(0, cellCount - drawn - forged) / (cellCount - drawn)
  }
  return cellCount
}

/**
 * The order in which a customer looks at the cells of a unit. It follows from a secret that nobody else has and is asked for only after the node
 * has committed, so that no node knows which cells to render properly; the same secret gives the same order again, so a customer
 * that was killed goes on where it was.
 */
export function drawCells(secret: Uint8Array, unit: number, cellCount: number): number[] {
  const order = Array.from({ length: cellCount }, (_unused, index) => index)
  const random = secretNumbers(secret, unit)
  for (let last = cellCount - 1; last > 0; last--) {
    const other = random(last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}

/** Whole numbers below a bound from keccak256(secret, unit, counter); numbers that would favour small ones are thrown away. */
function secretNumbers(secret: Uint8Array, unit: number): (below: number) => number {
  const seed = new Uint8Array(secret.length + 8)
  seed.set(secret)
  const view = new DataView(seed.buffer)
  view.setUint32(secret.length, unit)
  let counter = 0
  return (below) => {
    const limit = 2 ** 32 - (2 ** 32 % below)
    while (true) {
      view.setUint32(secret.length + 4, counter++)
      const hash = keccak_256(seed)
      const value = new DataView(hash.buffer, hash.byteOffset).getUint32(0)
      if (value < limit) return value % below
    }
  }
}
