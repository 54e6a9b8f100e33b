import { setTimeout as delay } from 'node:timers/promises'

/** What the crank needs of the chain. */
export type EpochChain = {
  /** Number of the epoch that runs. */
  currentEpoch(): Promise<number>
  /** Closes an epoch that is over; nothing happens when somebody else was first. */
  finalize(epoch: number): Promise<void>
}

const lookEveryMs = 2_000

/**
 * Closes each epoch of the practice network once it is over, as anybody could: then no payment and no claim has to. No reward
 * depends on it. An epoch that fails is tried again at the next look, until the one after it is over too.
 */
export function startEpochCrank(o: { chain: EpochChain; onError: (error: unknown) => void; everyMs?: number }): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const { signal } = stopping

  async function run(): Promise<void> {
    let announced = 0
    while (!signal.aborted) {
      try {
        const ended = (await o.chain.currentEpoch()) - 1
        if (ended > announced) {
          await o.chain.finalize(ended)
          announced = ended
        }
      } catch (error) {
        if (!signal.aborted) o.onError(error)
      }
      await delay(o.everyMs ?? lookEveryMs, undefined, { signal }).catch(() => {})
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await Promise.race([running, delay(1_000)])
    },
  }
}
