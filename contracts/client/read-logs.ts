import type { Log } from 'ethers'
import { abortable } from './abortable.ts'
import type { Chain } from './chain.ts'
import type { ContractName } from './interfaces.ts'

/** Blocks asked for at once; most RPC servers refuse more than ten thousand. */
const blocksPerRequest = 9_000

/** Logs of one contract in a range of blocks (both ends included), in chain order. */
export async function readLogs(
  chain: Chain,
  contract: ContractName,
  topics: (null | string | string[])[],
  range: { readonly fromBlock: number; readonly toBlock: number },
  options: { readonly signal?: AbortSignal } = {},
): Promise<Log[]> {
  const logs: Log[] = []
  const address = chain.network.contracts[contract]
  const first = Math.max(range.fromBlock, chain.network.deployedAtBlock)
  for (let fromBlock = first; fromBlock <= range.toBlock; fromBlock += blocksPerRequest) {
    const toBlock = Math.min(range.toBlock, fromBlock + blocksPerRequest - 1)
    const request = chain.provider.getLogs({ address, topics, fromBlock, toBlock })
    logs.push(...(await abortable(request, `Reading events of ${contract}`, options.signal)))
  }
  return logs
}
