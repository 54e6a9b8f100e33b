import { setTimeout as delay } from 'node:timers/promises'
import { startAnvil, AnvilError, type Anvil } from './anvil-process.ts'
import { createChainRpc, ChainRpcError, type ChainRpc } from './rpc.ts'

/** The chain as its owner uses it: one that is started again from its last saved state when it ends by itself. */
export type LiveChain = {
  readonly rpc: ChainRpc
  anvilPid(): number
  /** Called with the new process after each restart. */
  onRestart(listener: () => void): void
  /** Called once when restarting was given up. */
  onGivenUp(listener: (error: Error) => void): void
  kill(): Promise<void>
}

/** Ends within a minute that are taken for a crash loop. */
const mostRestarts = 3
const forgivenAfterMs = 60_000
const restartDelayMs = 300

/**
 * Starts anvil and keeps it running. After a crash the chain is up to five seconds younger than it was: everybody on it
 * has to take that for a reorganization, as on any other network.
 */
export async function startLiveChain(o: {
  chainId: number
  genesisSeconds: number
  /** The state to begin with; asked again before each restart. */
  stateFile: () => Promise<string | null>
  log: (message: string) => void
}): Promise<LiveChain> {
  const { chainId, genesisSeconds } = o
  const begin = async () => startAnvil({ chainId, genesisSeconds, stateFile: await o.stateFile() })
  let anvil: Anvil = await begin()
  let rpc: ChainRpc | null = await connectNow(anvil)
  let stopped = false
  const crashes: number[] = []
  const restarted = new Set<() => void>()
  const givenUp = new Set<(error: Error) => void>()

  function current(): ChainRpc {
    if (rpc === null) throw new ChainRpcError('CHAIN_GONE', 'The practice chain is starting again.')
    return rpc
  }

  async function revive(how: string): Promise<void> {
    rpc?.close()
    rpc = null
    if (stopped) return
    const now = performance.now()
    crashes.push(now)
    if (crashes.filter((at) => now - at < forgivenAfterMs).length > mostRestarts) {
      const error = new AnvilError('ANVIL_CRASHES', `The practice chain ended ${crashes.length} times (${how}).`)
      for (const listener of givenUp) listener(error)
      return
    }
    o.log(`The chain ended (${how}) and starts again from its last saved state.`)
    await delay(restartDelayMs)
    if (stopped) return
    anvil = await begin()
    if (stopped) return anvil.kill()
    rpc = await connectNow(anvil)
    watch()
    for (const listener of restarted) listener()
  }

  function watch(): void {
    anvil.onExit((how) => {
      revive(how).catch((error: unknown) => {
        const cause = error instanceof Error ? error : new Error(String(error))
        for (const listener of givenUp) listener(cause)
      })
    })
  }

  watch()
  return {
    rpc: {
      call: async (method, params) => current().call(method, params),
      callRaw: async (method, params) => current().callRaw(method, params),
      close: () => rpc?.close(),
    },
    anvilPid: () => anvil.pid,
    onRestart: (listener) => void restarted.add(listener),
    onGivenUp: (listener) => void givenUp.add(listener),
    async kill() {
      stopped = true
      await anvil.kill()
      rpc?.close()
    },
  }
}

/** A client to a chain whose next block is of this second. */
async function connectNow(anvil: Anvil): Promise<ChainRpc> {
  const rpc = createChainRpc(anvil.port)
  await rpc.call('evm_setTime', [Math.floor(Date.now() / 1000)])
  return rpc
}
