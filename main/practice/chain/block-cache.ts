/**
 * Answers of the current block. Twenty processes on one machine ask the same things each second; the chain only changes
 * when the miner makes a block, so that each question needs to be answered once per block.
 */
export type BlockCache = {
  get(key: string): Promise<unknown> | undefined
  set(key: string, answer: Promise<unknown>): void
  /** Forgets everything; called after each block and each direct change of a balance. */
  clear(): void
}

/** Bounds memory against a caller with endlessly different questions. */
const maximumEntries = 2_000

export function createBlockCache(): BlockCache {
  const answers = new Map<string, Promise<unknown>>()
  return {
    get: (key) => answers.get(key),
    set(key, answer) {
      if (answers.size >= maximumEntries) answers.clear()
      answers.set(key, answer)
      // A failure is not remembered.
      answer.catch(() => {
        if (answers.get(key) === answer) answers.delete(key)
      })
    },
    clear: () => answers.clear(),
  }
}
