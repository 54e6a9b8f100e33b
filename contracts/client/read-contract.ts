import type { BlockTag, Result } from 'ethers'
import { abortable } from './abortable.ts'
import type { Chain } from './chain.ts'
import { decodeCallError } from './decode-call-error.ts'
import { type ContractName, interfaces } from './interfaces.ts'

export type ReadOptions = { readonly blockTag?: BlockTag; readonly signal?: AbortSignal }

/** Calls a view function and returns its decoded results. Throws ContractCallError with the contract's own error. */
export async function readContract(
  chain: Chain,
  contract: ContractName,
  method: string,
  args: readonly unknown[],
  options: ReadOptions = {},
): Promise<Result> {
  const face = interfaces[contract]
  const data = face.encodeFunctionData(method, args)
  const request = { to: chain.network.contracts[contract], data, blockTag: options.blockTag ?? 'latest' }
  try {
    const answer = await abortable(chain.provider.call(request), `Reading ${contract}.${method}`, options.signal)
    return face.decodeFunctionResult(method, answer)
  } catch (error) {
    throw decodeCallError(error)
  }
}
