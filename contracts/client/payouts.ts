import { type BytesLike, getAddress, hexlify, type Result, ZeroAddress } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import type { Announced } from './powers.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** Where an operator's claims go (PROTOCOL 1.8). */
export type Payout = {
  /** The present payout: the operator himself until he changed it. */
  readonly to: string
  /** What was announced; it is in effect only once somebody finished it. Null when there is nothing. */
  readonly change: Announced | null
  /** How long a change waits, which its sentence says. */
  readonly waitSeconds: number
}

type SignedTerms = { readonly number: number; readonly deadlineSeconds: number; readonly signature: BytesLike }

/** Payout and announced change of an operator, both of one block. */
export async function readPayout(chain: Chain, operator: string, options: ReadOptions = {}): Promise<Payout> {
  const at = { ...options, blockTag: options.blockTag ?? (await chain.provider.getBlockNumber()) }
  const [[to], [change], [wait]] = await Promise.all([
    readContract(chain, 'Payments', 'payoutOf', [operator], at),
    readContract(chain, 'Payments', 'payoutChangeOf', [operator], at),
    readContract(chain, 'Payments', 'payoutWaitSeconds', [], at),
  ])
  return { to: getAddress(String(to)), change: announced(change as Result), waitSeconds: Number(wait) }
}

/** Announces another address for an operator's claims by his sentence. */
export function encodeChangePayout(
  network: NetworkFile,
  args: SignedTerms & { readonly operator: string; readonly to: string },
): ChainCall {
  return encode(network, 'changePayout', [args.operator, args.to, ...termsOf(args)])
}

/** Takes an announced change back by the operator's sentence. */
export function encodeCancelPayout(network: NetworkFile, args: SignedTerms & { readonly operator: string }): ChainCall {
  return encode(network, 'cancelPayout', [args.operator, ...termsOf(args)])
}

/** Puts an announced change into effect once its time has come; anyone may send it. */
export function encodeFinishPayout(network: NetworkFile, args: { readonly operator: string }): ChainCall {
  return encode(network, 'finishPayout', [args.operator])
}

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.Payments, data: interfaces.Payments.encodeFunctionData(method, args) }
}

function termsOf({ number, deadlineSeconds, signature }: SignedTerms): readonly unknown[] {
  if (deadlineSeconds % 60 !== 0) throw new RangeError(`Deadline ${deadlineSeconds} is not a whole minute.`)
  return [number, deadlineSeconds / 60, hexlify(signature)]
}

function announced(change: Result): Announced | null {
  const address = getAddress(String(change.to))
  return address === ZeroAddress ? null : { address, effectiveAtSeconds: Number(change.effectiveAt) }
}
