import { hashBytes } from './order-columns.ts'

const digitBits = 11
const buckets = 1 << digitBits
const digitMask = buckets - 1
const passes = Math.ceil(32 / digitBits)
/** Below this a comparison sort is faster than clearing the counters of three passes. */
const fewRows = 1024

/**
 * Rows by ascending 32-bit key, equal keys in the order in which they came: a radix sort over three digits of 11 bits that skips a
 * digit which all keys share. `keys[i]` belongs to `rows[i]`; neither is changed.
 */
export function sortStable(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  if (rows.length < fewRows) return sortFew(rows, keys)
  let from = { rows, keys }
  let spare: typeof from | null = null
  const counts = countDigits(keys)
  for (let pass = 0; pass < passes; pass++) {
    const starts = counts.subarray(pass * buckets, (pass + 1) * buckets)
    if (starts.includes(rows.length)) continue
    turnIntoStarts(starts)
    const to = spare ?? { rows: new Uint32Array(rows.length), keys: new Uint32Array(rows.length) }
    distribute(from, to, starts, pass * digitBits)
    spare = from.rows === rows ? null : from
    from = to
  }
  return from.rows === rows ? rows.slice() : from.rows
}

function sortFew(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  const places = Uint32Array.from(rows, (_, place) => place)
  places.sort((left, right) => keys[left]! - keys[right]! || left - right)
  return places.map((place) => rows[place]!)
}

/** How often each digit occurs, for all passes in one reading. */
function countDigits(keys: Uint32Array): Uint32Array {
  const counts = new Uint32Array(passes * buckets)
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place]!
    counts[key & digitMask]!++
    counts[buckets + ((key >>> digitBits) & digitMask)]!++
    counts[2 * buckets + (key >>> (2 * digitBits))]!++
  }
  return counts
}

function turnIntoStarts(counts: Uint32Array): void {
  let start = 0
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!
    counts[digit] = start
    start += count
  }
}

type KeyedRows = { readonly rows: Uint32Array; readonly keys: Uint32Array }

function distribute(from: KeyedRows, to: KeyedRows, starts: Uint32Array, shift: number): void {
  const { rows, keys } = from
  for (let place = 0; place < rows.length; place++) {
    const key = keys[place]!
    const target = starts[(key >>> shift) & digitMask]!++
    to.rows[target] = rows[place]!
    to.keys[target] = key
  }
}

/** All rows by ascending hash: by the first 32 bits at once, then the few that share them byte by byte. */
export function sortByHash(hashes: Uint8Array, count: number): Uint32Array {
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  const prefixes = Uint32Array.from({ length: count }, (_, row) => view.getUint32(row * hashBytes))
  const rows = sortStable(
    Uint32Array.from({ length: count }, (_, row) => row),
    prefixes,
  )
  for (let start = 0; start < count;) {
    let end = start + 1
    while (end < count && prefixes[rows[end]!] === prefixes[rows[start]!]) end++
    if (end - start > 1) rows.subarray(start, end).sort((left, right) => compareHashes(hashes, left, right))
    start = end
  }
  return rows
}

/** Negative, zero or positive as the hash of row `left` is below, equal to or above that of row `right`. */
export function compareHashes(hashes: Uint8Array, left: number, right: number): number {
  for (let byte = 0; byte < hashBytes; byte++) {
    const difference = hashes[left * hashBytes + byte]! - hashes[right * hashBytes + byte]!
    if (difference !== 0) return difference
  }
  return 0
}
