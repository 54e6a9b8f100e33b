import { getAddress, hexlify, ZeroAddress, type BytesLike } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import type { Departure, PieceAcceptance, PieceInput } from './typed-data.ts'

/** A departure with the leaving node's signature over `departureTypedData`. */
export type SignedDeparture = Omit<Departure, 'sequence'> & { readonly signature: BytesLike }

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.StorageMarket, data: interfaces.StorageMarket.encodeFunctionData(method, args) }
}

function tupleOf({ customer, node, heir, expirySeconds, signature }: SignedDeparture) {
  return { customer, node, heir: heir ?? ZeroAddress, expiry: expirySeconds, signature: hexlify(signature) }
}

/** Moves the pieces at `first` and behind it from the node that leaves to its heir. */
export function encodeHandOver(
  network: NetworkFile,
  args: {
    readonly departure: SignedDeparture
    readonly first: number
    readonly pieces: readonly PieceInput[]
    readonly acceptance: Omit<PieceAcceptance, 'customer' | 'node' | 'piecesHash'>
    /** The heir's over `pieceAcceptanceTypedData`. */
    readonly heirSignature: BytesLike
  },
): ChainCall {
  const { expirySeconds, ...terms } = args.acceptance
  const acceptance = { ...terms, expiry: expirySeconds }
  const { first, pieces } = args
  const heirSignature = hexlify(args.heirSignature)
  return encode(network, 'handOver', [{ departure: tupleOf(args.departure), first, pieces, acceptance, heirSignature }])
}

/** Ends a set for a node that leaves without an heir. */
export function encodeForfeit(network: NetworkFile, args: { readonly departure: SignedDeparture }): ChainCall {
  return encode(network, 'forfeit', [tupleOf(args.departure)])
}

/** The node to which a set was handed over, or null. */
export async function readHeir(
  chain: Chain,
  customer: string,
  node: string,
  options: ReadOptions = {},
): Promise<string | null> {
  const [heir] = await readContract(chain, 'StorageMarket', 'heirOf', [customer, node], options)
  const address = getAddress(String(heir))
  return address === ZeroAddress ? null : address
}

/** Prices that a customer last agreed on with a node. */
export async function readSetTerms(
  chain: Chain,
  customer: string,
  node: string,
  options: ReadOptions = {},
): Promise<{ readonly pricePerGiBPeriodWei: bigint; readonly retrievalPricePerMiBWei: bigint }> {
  const terms = await readContract(chain, 'StorageMarket', 'termsOf', [customer, node], options)
  return { pricePerGiBPeriodWei: BigInt(terms[0]), retrievalPricePerMiBWei: BigInt(terms[1]) }
}
