import { readFile } from 'node:fs/promises'
import { networkFileSchema, openChain, readLatestBlock, type NetworkFile } from '../../../contracts/client/index.ts'
import { explainStrangeContracts } from '../../app/compare-contracts.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { NetworkFileError, NoNetworkError, type Home } from '../../store/index.ts'
import type { VerbContext } from './verb.ts'

/** The network's chain cannot be reached now. */
export class ChainAwayError extends HearthError {}

/** The home belongs to another network than the file that was named. */
export class OtherNetworkError extends HearthError {}

/**
 * The network that a verb works on: the home's own, or the one of `--network`, which a home without a network joins.
 *
 * Rejects with NoNetworkError, NetworkFileError or OtherNetworkError, all of them wrong input.
 */
export async function joinNetwork(context: VerbContext): Promise<NetworkFile> {
  const home = context.home()
  const own = await home.network.read()
  if (context.networkFile === null) {
    if (own === null) throw new NoNetworkError(home.directory)
    return parseNetwork(own, home.network.path)
  }
  const named = parseNetwork(await readJson(context.networkFile), context.networkFile)
  if (own !== null && !isSameNetwork(own, named)) {
    throw new OtherNetworkError('HOME_ON_OTHER_NETWORK', `The home ${home.directory} is on another network.`, {
      action: 'Choose another folder with --home, so that keys of two networks stay apart.',
    })
  }
  await warnOfStranger(context, named)
  await home.network.write(named)
  return named
}

/** Rejects with ChainAwayError when the chain does not answer, before anything is begun that would need it. */
export async function requireChain(network: NetworkFile, signal: AbortSignal): Promise<void> {
  const chain = openChain(network)
  try {
    await readLatestBlock(chain, { signal })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new ChainAwayError('CHAIN_AWAY', `The chain of the network "${network.name}" does not answer.`, {
      action: network.practice
        ? 'Start it with `hearth practice`; after a restart its network file is a new one.'
        : 'Look at your connection and try again.',
      cause,
    })
  } finally {
    chain.close()
  }
}

/** PROTOCOL 9.1: names in a file prove nothing, and neither do addresses. */
async function warnOfStranger({ output, signal }: VerbContext, network: NetworkFile): Promise<void> {
  if (!network.practice)
    output.note(
      `Note: anyone can write a network file. This one names chain ${network.chainId}, ${network.rpcUrls[0] ?? ''}.`,
    )
  const chain = openChain(network)
  try {
    const strange = await explainStrangeContracts(chain, { signal })
    if (strange !== null) output.note(`Warning: ${strange}`)
  } catch (error) {
    if (signal.aborted) throw error
    if (!network.practice)
      output.note('Note: its contracts could not be compared with this version, since its chain does not answer.')
  } finally {
    chain.close()
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NetworkFileError('NETWORK_FILE_INVALID', `The network file ${path} cannot be read.`, { cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NetworkFileError('NETWORK_FILE_INVALID', `The network file ${path} is not JSON.`, { cause })
  }
}

function parseNetwork(value: unknown, path: string): NetworkFile {
  const parsed = networkFileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  throw new NetworkFileError(
    'NETWORK_FILE_INVALID',
    `The network file ${path} is wrong at "${field}": ${issue?.message ?? ''}.`,
  )
}

function isSameNetwork(own: { chainId: number; genesisHash: string }, named: NetworkFile): boolean {
  return own.chainId === named.chainId && own.genesisHash.toLowerCase() === named.genesisHash.toLowerCase()
}

/** The home's network is on practice: its accounts are funded by asking. */
export async function practiceAccounts(home: Home) {
  const [customer, gas] = await Promise.all([home.keys.ensureKey('customer'), home.keys.ensureKey('gas')])
  return { customer: customer.address, gasAccount: gas.address }
}
