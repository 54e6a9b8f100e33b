import { setTimeout as delay } from 'node:timers/promises'
import { CancelledError } from '../../../roles/api/errors.ts'

/** What the crank needs of the chain. */
export type SeedChain = {
  latestBlock(): Promise<{ number: number; timestampSeconds: number }>
  /** Opens a slot and returns the block that will be drawn; also when somebody else was first. */
  open(slot: number): Promise<number>
  capture(slot: number): Promise<void>
}

const lookEveryMs = 500

/**
 * Keeps seeds coming: opens each slot when it begins and captures it when its block has passed. On a real network whoever
 * waits for a proof does this; here nobody should have to wait for the first of them.
 *
 * A slot that fails is given up, since the next one begins within seconds.
 */
export function startSeedCrank(o: { chain: SeedChain; slotSeconds: number; onError: (error: unknown) => void }): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const { signal } = stopping
  const cranked = new Set<Promise<void>>()

  async function crank(slot: number): Promise<void> {
    const drawBlock = await o.chain.open(slot)
    const lastSecond = (slot + 3) * o.slotSeconds
    for (;;) {
      await pause(signal)
      const block = await o.chain.latestBlock()
      if (block.number > drawBlock) return o.chain.capture(slot)
      if (block.timestampSeconds > lastSecond) return
    }
  }

  async function run(): Promise<void> {
    let lastSlot = -1
    while (!signal.aborted) {
      const { timestampSeconds } = await o.chain.latestBlock().catch(() => ({ timestampSeconds: 0 }))
      const slot = Math.floor(timestampSeconds / o.slotSeconds)
      if (slot > lastSlot && timestampSeconds > 0) {
        lastSlot = slot
        const one: Promise<void> = crank(slot)
          .catch((error: unknown) => {
            if (!signal.aborted) o.onError(error)
          })
          .finally(() => cranked.delete(one))
        cranked.add(one)
      }
      await pause(signal).catch(() => {})
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await Promise.race([Promise.all([running, ...cranked]), delay(1_000)])
    },
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return delay(lookEveryMs, undefined, { signal }).catch(() => {
    throw new CancelledError('Waiting for a seed')
  })
}
