import type { ChainRpc } from './rpc.ts'

/** Makes the practice chain's blocks. */
export type Miner = {
  /** Makes a block now, for what was just sent. */
  mineNow(): Promise<void>
  /** Begins to make one block a second. */
  begin(): void
  stop(): void
}

/**
 * One block per `blockMs`, on a fixed beat. A beat that comes late (a machine that slept, a busy disk) is skipped and
 * never made up for, so that waking up causes no burst. `onBlock` runs after each block.
 */
export function startMiner(o: {
  rpc: ChainRpc
  blockMs: number
  onBlock: () => void
  onError: (error: unknown) => void
}): Miner {
  let timer: NodeJS.Timeout | null = null
  let mining = false
  async function mineNow(): Promise<void> {
    await o.rpc.call('evm_mine')
    o.onBlock()
  }
  function beat(): void {
    timer = setTimeout(beat, o.blockMs - (Date.now() % o.blockMs) || o.blockMs)
    if (mining) return
    mining = true
    mineNow()
      .catch(o.onError)
      .finally(() => {
        mining = false
      })
  }
  return {
    mineNow,
    begin() {
      if (timer === null) timer = setTimeout(beat, o.blockMs - (Date.now() % o.blockMs))
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
