import { randomBytes } from 'node:crypto'
import { JsonRpcProvider, Wallet } from 'ethers'
import type { NetworkFile } from '../../../contracts/client/network-file.ts'
import { parameters } from '../../../contracts/script/parameters.ts'
import type { NeighbourIdentity } from '../messages.ts'
import { createBlockCache } from './block-cache.ts'
import type { ChainIdentity } from './chain-identity.ts'
import { createFaucetSend, enrolHome, type FaucetSend } from './enrol-home.ts'
import { startLiveChain, type LiveChain } from './live-chain.ts'
import { startMiner, type Miner } from './miner.ts'
import { practiceNetworkFile } from './practice-network-file.ts'
import { beginAnew, chooseBeginning, deployOnFreshChain, isIntact, type Beginning } from './prepare-contracts.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { registerNeighbours } from './register-neighbours.ts'
import { hasState, saveState, startSaving, stateFileOf } from './saved-state.ts'
import { contractSeedChain } from './contract-seed-chain.ts'
import { startSeedCrank } from './seed-crank.ts'

/** The practice chain with everything that keeps it going. */
export type RunningChain = {
  readonly network: NetworkFile
  readonly neighbours: readonly NeighbourIdentity[]
  readonly notice: string | null
  anvilPid(): number
  /** Called once when the chain cannot be kept running. */
  onGivenUp(listener: (error: Error) => void): void
  /** Saves the state and ends anvil. */
  stop(): Promise<void>
}

export type RunChainOptions = {
  readonly practiceDirectory: string
  readonly neighbours: number
  readonly port: number | null
  readonly onStep: (step: string) => void
  readonly log: (message: string) => void
}

/** Blocks come this fast while the set-up waits for receipts. */
const setupBlockMs = 25
const pollingMs = 20
const sendTimeoutMs = 15_000

/** Starts or goes on with a home's practice chain; resolves when contracts stand and neighbours are registered. */
export async function runChain(o: RunChainOptions): Promise<RunningChain> {
  const cache = createBlockCache()
  const { live, identity: chosen, notice } = await openChainOf(o)
  const onError = (error: unknown) => o.log(error instanceof Error ? error.message : String(error))
  const miner = startMiner({ rpc: live.rpc, blockMs: parameters.practice.blockSeconds * 1000, onBlock: cache.clear, onError })
  live.onRestart(cache.clear)
  const token = randomBytes(32).toString('base64url')
  let enrol: EnrolHome = () => Promise.reject(new Error('The practice network is still starting.'))
  const proxy = await startProxy({
    port: o.port,
    token,
    backend: { call: live.rpc.callRaw, enrol: (enrolment) => enrol(enrolment), cache },
  }).catch(async (error: unknown) => {
    await live.kill()
    throw error
  })
  const provider = new JsonRpcProvider(proxy.url, chosen.chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 })
  provider.pollingInterval = pollingMs
  try {
    const { network, neighbours, faucet } = await setUp(o, { live, miner, provider, proxy, identity: chosen })
    provider.pollingInterval = 500
    // One sender for everything that the faucet pays, since all of it shares one account's numbers.
    const send = createFaucetSend(faucet, sendTimeoutMs)
    enrol = async (enrolment) => {
      const result = await enrolHome({ rpc: live.rpc, provider, network, send }, enrolment)
      cache.clear()
      return result
    }
    return keepGoing(o, { live, miner, provider, proxy, network, send, neighbours, notice, onError })
  } catch (error) {
    provider.destroy()
    await proxy.close()
    await live.kill()
    throw error
  }
}

type EnrolHome = (enrolment: Parameters<typeof enrolHome>[1]) => Promise<unknown>

/** Starts anvil from the saved state; a state that it cannot read, or that is another chain's, is replaced by a new chain. */
async function openChainOf(o: RunChainOptions): Promise<{ live: LiveChain; identity: ChainIdentity; notice: string | null }> {
  o.onStep('chain')
  const beginning = await chooseBeginning(o.practiceDirectory)
  const start = ({ identity, stateFile }: Beginning) => {
    let first = true
    return startLiveChain({
      chainId: identity.chainId,
      genesisSeconds: identity.genesisSeconds,
      log: o.log,
      async stateFile() {
        if (first) {
          first = false
          return stateFile
        }
        return (await hasState(o.practiceDirectory)) ? stateFileOf(o.practiceDirectory) : null
      },
    })
  }
  if (beginning.stateFile === null) return { live: await start(beginning), ...beginning }
  const live = await start(beginning).catch(() => null)
  if (live !== null && (await isIntact(live.rpc, beginning.identity))) return { live, ...beginning }
  await live?.kill()
  const anew = await beginAnew(o.practiceDirectory, 'The practice network was made anew because its saved state was damaged.')
  return { live: await start(anew), ...anew }
}

type Base = { readonly live: LiveChain; readonly miner: Miner; readonly provider: JsonRpcProvider; readonly proxy: Proxy }

/** Contracts and neighbours, with blocks as fast as they are needed; then the beat of one a second. */
async function setUp(o: RunChainOptions, base: Base & { identity: ChainIdentity }) {
  const { live, provider, miner, proxy } = base
  const hurry = setInterval(() => void miner.mineNow().catch(() => {}), setupBlockMs)
  try {
    o.onStep('contracts')
    const fresh = base.identity.deployed === null
    const identity = fresh
      ? await deployOnFreshChain({ rpc: live.rpc, provider, identity: base.identity, practiceDirectory: o.practiceDirectory })
      : base.identity
    const network = practiceNetworkFile(identity, proxy.url)
    const faucet = new Wallet(identity.faucetKey, provider)
    o.onStep('neighbours')
    const { practiceDirectory, neighbours: count } = o
    const neighbours = await registerNeighbours({ rpc: live.rpc, provider, faucet, network, practiceDirectory, count })
    return { network, faucet, neighbours }
  } finally {
    clearInterval(hurry)
  }
}

type Everything = Base & {
  readonly network: NetworkFile
  readonly send: FaucetSend
  readonly neighbours: readonly NeighbourIdentity[]
  readonly notice: string | null
  readonly onError: (error: unknown) => void
}

async function keepGoing(o: RunChainOptions, all: Everything): Promise<RunningChain> {
  const { live, miner, onError } = all
  const save = () => saveState(live.rpc, o.practiceDirectory)
  await save()
  miner.begin()
  const saving = startSaving({ save, onError })
  const seeds = startSeedCrank({
    chain: contractSeedChain(all.provider, all.send, all.network),
    slotSeconds: parameters.practice.seedSeconds,
    onError,
  })
  return {
    network: all.network,
    neighbours: all.neighbours,
    notice: all.notice,
    anvilPid: live.anvilPid,
    onGivenUp: live.onGivenUp,
    async stop() {
      await seeds.stop()
      await saving.stop()
      miner.stop()
      await save().catch(onError)
      all.provider.destroy()
      await all.proxy.close()
      await live.kill()
    },
  }
}
