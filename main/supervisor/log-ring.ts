/** The last lines that a worker said, for the reason of a crash and for a person who looks for the cause. */
export type LogRing = {
  add(line: string): void
  lines(): readonly string[]
  /** The last line that is not blank, shortened for a sentence; null when it said nothing. */
  lastWords(): string | null
}

const lastWordsCharacters = 200

/** Keeps at most `capacity` lines. */
export function createLogRing(capacity: number): LogRing {
  let kept: string[] = []
  return {
    add(line) {
      kept.push(line)
      // Cut in batches, so that a chatty worker does not copy the ring for every line.
      if (kept.length > capacity * 2) kept = kept.slice(-capacity)
    },
    lines: () => kept.slice(-capacity),
    lastWords() {
      const last = kept.findLast((line) => line.trim() !== '')
      return last === undefined ? null : last.trim().slice(0, lastWordsCharacters)
    },
  }
}
