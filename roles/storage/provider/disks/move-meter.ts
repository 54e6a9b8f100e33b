/** Counts what was moved off one disk, and how fast. */
export type MoveMeter = {
  note(bytes: number, nowMs: number): void
  readonly bytesMoved: number
  bytesPerSecond(nowMs: number): number | null
}

/** Speed is that of the last this many milliseconds. */
const memoryMs = 30_000
/** A speed of less time says nothing. */
const leastMs = 1_000

export function createMoveMeter(beganAtMs: number): MoveMeter {
  let bytesMoved = 0
  const marks: { atMs: number; bytes: number }[] = [{ atMs: beganAtMs, bytes: 0 }]
  return {
    get bytesMoved() {
      return bytesMoved
    },
    note(bytes, nowMs) {
      bytesMoved += bytes
      marks.push({ atMs: nowMs, bytes: bytesMoved })
      while (marks.length > 2 && (marks[1]?.atMs ?? nowMs) < nowMs - memoryMs) marks.shift()
    },
    bytesPerSecond(nowMs) {
      const first = marks[0]
      if (first === undefined || bytesMoved === first.bytes || nowMs - first.atMs < leastMs) return null
      return ((bytesMoved - first.bytes) * 1000) / (nowMs - first.atMs)
    },
  }
}
