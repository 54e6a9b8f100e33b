import { FetchRequest, JsonRpcProvider, Network } from 'ethers'
import type { NetworkFile } from './network-file.ts'

/** An open connection to a network's chain. Reads and writes of this folder take it as their first argument. */
export type Chain = {
  readonly provider: JsonRpcProvider
  readonly network: NetworkFile
  close(): void
}

/** An encoded contract call; whoever holds a signer sends it. */
export type ChainCall = { readonly to: string; readonly data: string; readonly value?: bigint }

/** A call with a word for people and logs. */
export type WorkTransaction = ChainCall & { readonly purpose: string }

const requestTimeoutMs = 10_000
const practicePollMs = 250
const realPollMs = 1_000

/**
 * Opens a chain. Nothing is contacted yet; a chain that is away makes the single calls fail, and later ones succeed again.
 * With several RPC URLs the next one is asked when one cannot be reached.
 */
export function openChain(network: NetworkFile): Chain {
  const chainNetwork = Network.from(network.chainId)
  const provider = new JsonRpcProvider(requestOver(network.rpcUrls), chainNetwork, {
    staticNetwork: chainNetwork,
    // Batches and caches save little here and make a call wait for others or answer from the past.
    batchMaxCount: 1,
    cacheTimeout: -1,
    pollingInterval: network.practice ? practicePollMs : realPollMs,
  })
  return { provider, network, close: () => provider.destroy() }
}

function requestOver(urls: readonly string[]): FetchRequest {
  const send = FetchRequest.createGetUrlFunc()
  const request = new FetchRequest(urls[0]!)
  request.timeout = requestTimeoutMs
  let preferred = 0
  request.getUrlFunc = async (asked, signal): Promise<Awaited<ReturnType<typeof send>>> => {
    let failure: unknown
    for (let attempt = 0; attempt < urls.length; attempt++) {
      const index = (preferred + attempt) % urls.length
      try {
        const copy = asked.clone()
        copy.url = urls[index]!
        const answer = await send(copy, signal)
        preferred = index
        return answer
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
  return request
}
