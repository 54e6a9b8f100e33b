/** How long one provider is waited for. */
export type Patience = {
  /** To reach it, in milliseconds. */
  readonly dialMs: number
  /** Without a sign of progress, in milliseconds. */
  readonly stallMs: number
}

/** While there are others to ask: a home that does not answer a dial in three seconds is passed over. */
export const brisk: Patience = { dialMs: 3000, stallMs: 15_000 }

/** When all others were asked: better slow than not at all. */
export const patient: Patience = { dialMs: 12_000, stallMs: 45_000 }

/** Bound of waits that a stall guard ends much earlier; the longest that a timer can count. */
export const guardedTimeoutMs = 2 ** 31 - 1
