import { randomBytes } from 'node:crypto'
import { JsonRpcProvider, Wallet } from 'ethers'
import { createTransactionSender, openChain, type Chain, type NetworkFile } from '../../../contracts/client/index.ts'
import { parameters } from '../../../contracts/script/parameters.ts'
import type { Enrolment, NeighbourIdentity } from '../messages.ts'
import { createBlockCache, type BlockCache } from './block-cache.ts'
import type { ChainIdentity } from './chain-identity.ts'
import { enrolHome } from './enrol-home.ts'
import { startLiveChain, type LiveChain } from './live-chain.ts'
import { startMiner, type Miner } from './miner.ts'
import { practiceNetworkFile } from './practice-network-file.ts'
import {
  beginAnew,
  chooseBeginning,
  damagedNotice,
  deployOnFreshChain,
  isIntact,
  type Beginning,
} from './prepare-contracts.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { registerNeighbours } from './register-neighbours.ts'
import { hasState, saveState, startSaving, stateFileOf } from './saved-state.ts'
import { contractEpochChain } from './contract-epoch-chain.ts'
import { contractSeedChain } from './contract-seed-chain.ts'
import { startEpochCrank } from './epoch-crank.ts'
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
  /** Somebody asked for neighbours that render. */
  readonly onRenderWanted?: () => void
  readonly log: (message: string) => void
}

/** Blocks come this fast while the set-up waits for receipts. */
const setupBlockMs = 25
const pollingMs = 20

/** Starts or goes on with a home's practice chain; resolves when contracts stand and neighbours are registered. */
export async function runChain(o: RunChainOptions): Promise<RunningChain> {
  const cache = createBlockCache()
  const onError = (error: unknown) => o.log(error instanceof Error ? error.message : String(error))
  const { live, identity, notice } = await openChainOf(o)
  const blockMs = parameters.practice.blockSeconds * 1000
  const miner = startMiner({ rpc: live.rpc, blockMs, onBlock: cache.clear, onError })
  live.onRestart(cache.clear)
  const door: Door = { enrol: () => Promise.reject(new Error('The practice network is still starting.')) }
  try {
    const proxy = await startProxy({
      port: o.port,
      token: randomBytes(32).toString('base64url'),
      backend: { call: live.rpc.callRaw, enrol: (enrolment) => door.enrol(enrolment), cache },
    })
    const { chain, faucet, neighbours } = await setUp(o, { live, miner, proxy, identity })
    return await keepGoing(o, { live, miner, proxy, door, cache, chain, faucet, neighbours, notice, onError })
  } catch (error) {
    await live.kill()
    throw error
  }
}

/** What the proxy calls for `hearth_enrol`; opened when there is a faucet to pay from. */
type Door = { enrol(enrolment: Enrolment): Promise<unknown> }

/** Starts anvil from the saved state; a state that it cannot read, or that is another chain's, is replaced by a new chain. */
async function openChainOf(
  o: RunChainOptions,
): Promise<{ live: LiveChain; identity: ChainIdentity; notice: string | null }> {
  o.onStep('chain')
  const beginning = await chooseBeginning(o.practiceDirectory)
  if (beginning.stateFile === null) return { live: await startFrom(beginning, o), ...beginning }
  const live = await startFrom(beginning, o).catch(() => null)
  if (live !== null && (await isIntact(live.rpc, beginning.identity))) return { live, ...beginning }
  await live?.kill()
  const anew = await beginAnew(o.practiceDirectory, damagedNotice)
  return { live: await startFrom(anew, o), ...anew }
}

function startFrom({ identity, stateFile }: Beginning, o: RunChainOptions): Promise<LiveChain> {
  const { chainId, genesisSeconds } = identity
  let starts = 0
  return startLiveChain({
    chainId,
    genesisSeconds,
    log: o.log,
    async stateFile() {
      if (starts++ === 0) return stateFile
      return (await hasState(o.practiceDirectory)) ? stateFileOf(o.practiceDirectory) : null
    },
  })
}

type Base = { readonly live: LiveChain; readonly miner: Miner; readonly proxy: Proxy }

/** Contracts and neighbours, with blocks as fast as they are needed. */
async function setUp(o: RunChainOptions, base: Base & { identity: ChainIdentity }) {
  const { live, miner, proxy } = base
  const { practiceDirectory, neighbours: count } = o
  const hurry = setInterval(() => void miner.mineNow().catch(() => {}), setupBlockMs)
  try {
    o.onStep('contracts')
    const identity = base.identity.deployed === null ? await deploy(o, base) : base.identity
    const chain = openChain(practiceNetworkFile(identity, proxy.url))
    chain.provider.pollingInterval = pollingMs
    const faucet = new Wallet(identity.faucetKey, chain.provider)
    o.onStep('neighbours')
    const neighbours = await registerNeighbours({ rpc: live.rpc, chain, faucet, practiceDirectory, count })
    return { chain, faucet, neighbours }
  } finally {
    clearInterval(hurry)
  }
}

async function deploy(o: RunChainOptions, base: Base & { identity: ChainIdentity }): Promise<ChainIdentity> {
  const { identity, live, proxy } = base
  const provider = new JsonRpcProvider(proxy.url, identity.chainId, {
    staticNetwork: true,
    batchMaxCount: 1,
    cacheTimeout: -1,
  })
  provider.pollingInterval = pollingMs
  const { practiceDirectory } = o
  return deployOnFreshChain({ rpc: live.rpc, provider, identity, practiceDirectory }).finally(() => provider.destroy())
}

type Everything = Base & {
  readonly door: Door
  readonly cache: BlockCache
  readonly chain: Chain
  readonly faucet: Wallet
  readonly neighbours: readonly NeighbourIdentity[]
  readonly notice: string | null
  readonly onError: (error: unknown) => void
}

/** The beat of one block a second, saved states, seeds, and enrolment. */
async function keepGoing(o: RunChainOptions, all: Everything): Promise<RunningChain> {
  const { live, miner, chain, onError } = all
  // One sender for everything that the faucet pays, since all of it shares one account's numbers.
  const sender = createTransactionSender(chain, all.faucet)
  all.door.enrol = async (enrolment) => {
    if (enrolment.rendering === true) o.onRenderWanted?.()
    const result = await enrolHome({ rpc: live.rpc, chain, sender }, enrolment)
    all.cache.clear()
    return result
  }
  const save = () => saveState(live.rpc, o.practiceDirectory)
  await save()
  miner.begin()
  const saving = startSaving({ save, onError })
  const { seedSeconds } = parameters.practice
  const seeds = startSeedCrank({ chain: contractSeedChain(chain, sender), slotSeconds: seedSeconds, onError })
  const epochs = startEpochCrank({ chain: contractEpochChain(chain, sender), onError })
  return {
    network: chain.network,
    neighbours: all.neighbours,
    notice: all.notice,
    anvilPid: live.anvilPid,
    onGivenUp: live.onGivenUp,
    async stop() {
      await seeds.stop()
      await epochs.stop()
      await saving.stop()
      miner.stop()
      await save().catch(onError)
      sender.close()
      chain.close()
      await all.proxy.close()
      await live.kill()
    },
  }
}
