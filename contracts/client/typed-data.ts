import { AbiCoder, keccak256, type TypedDataDomain, TypedDataEncoder, type TypedDataField, ZeroAddress } from 'ethers'
import type { NetworkFile } from './network-file.ts'
import { type ChainRoleName, chainRoleNames } from './roles.ts'

/** EIP-712 message as `signTypedData(domain, types, value)` takes it, and the digest that is signed. */
export type TypedData = {
  readonly domain: TypedDataDomain
  readonly types: Record<string, TypedDataField[]>
  readonly primaryType: string
  readonly value: Record<string, unknown>
  readonly hash: string
}

export type NodeAcceptance = {
  readonly operator: string
  readonly role: ChainRoleName
  /** Whole minutes: the deadline of the authorize sentence. */
  readonly deadlineSeconds: number
}

export type PriceTerms = {
  readonly node: string
  readonly pricePerGiBPeriodWei: bigint
  readonly retrievalPricePerMiBWei: bigint
  readonly minimumBytesPerSecond: number
  /** Must exceed the published one; the first is 1. */
  readonly sequence: number
}

export type PieceAcceptance = {
  readonly customer: string
  readonly node: string
  readonly piecesHash: string
  readonly pricePerGiBPeriodWei: bigint
  readonly retrievalPricePerMiBWei: bigint
  readonly minimumBytesPerSecond: number
  /** The data set's present sequence; the first is 0. */
  readonly sequence: number
  readonly expirySeconds: number
}

/** A node's consent to leave a customer's set: to an heir, or to nobody by forfeiting. */
export type Departure = {
  readonly customer: string
  readonly node: string
  readonly heir: string | null
  /** The set's present sequence. */
  readonly sequence: number
  readonly expirySeconds: number
}

export type Voucher = {
  readonly customer: string
  readonly node: string
  /** 32 random bytes as hex, one per customer process. */
  readonly lane: string
  readonly cumulativeWei: bigint
  readonly expirySeconds: number
}

/** What a customer found when it asked a node for random leaves of its pieces; signed by it, and by a node that agrees. */
export type AuditResult = {
  readonly customer: string
  readonly node: string
  /** Proving period in which it was asked. */
  readonly period: number
  readonly atSeconds: number
  /** Leaves asked for; the four counts below sum to it. */
  readonly asked: number
  readonly right: number
  /** Right, but slower than a home needs to be. */
  readonly late: number
  /** A leaf that does not belong there, or the admission that it is gone. */
  readonly wrong: number
  /** No answer at all. */
  readonly silent: number
  readonly latencyMs: number
}

export type PieceInput = { readonly root: string; readonly lengthBytes: number }

/** Hash over a batch of pieces in their order, as a PieceAcceptance names it. */
export function hashPieces(pieces: readonly PieceInput[]): string {
  const tuples = pieces.map((piece) => [piece.root, piece.lengthBytes])
  return keccak256(AbiCoder.defaultAbiCoder().encode(['tuple(bytes32 root, uint32 lengthBytes)[]'], [tuples]))
}

/** A node's consent to work for an operator (PROTOCOL 1.1). */
export function acceptNodeTypedData(network: NetworkFile, acceptance: NodeAcceptance): TypedData {
  return typedData(network, 'Registry', 'Accept', acceptFields, {
    operator: acceptance.operator,
    role: chainRoleNames.indexOf(acceptance.role),
    registry: network.contracts.Registry,
    chainId: network.chainId,
    deadline: acceptance.deadlineSeconds,
  })
}

/** A node's prices for the registry. */
export function priceTermsTypedData(network: NetworkFile, terms: PriceTerms): TypedData {
  return typedData(network, 'Registry', 'PriceTerms', termsFields, { ...terms })
}

/** A node's consent to a batch of pieces in a customer's data set (PROTOCOL 5.2). */
export function pieceAcceptanceTypedData(network: NetworkFile, acceptance: PieceAcceptance): TypedData {
  const { expirySeconds, ...rest } = acceptance
  return typedData(network, 'StorageMarket', 'PieceAcceptance', acceptanceFields, { ...rest, expiry: expirySeconds })
}

/** A node's consent to leave a set (PROTOCOL 5.6). */
export function departureTypedData(network: NetworkFile, departure: Departure): TypedData {
  const { expirySeconds, heir, ...rest } = departure
  const value = { ...rest, heir: heir ?? ZeroAddress, expiry: expirySeconds }
  return typedData(network, 'StorageMarket', 'Departure', departureFields, value)
}

/** A customer's running total for a node (PROTOCOL 2.2). */
export function voucherTypedData(network: NetworkFile, voucher: Voucher): TypedData {
  const { expirySeconds, ...rest } = voucher
  return typedData(network, 'Payments', 'Voucher', voucherFields, { ...rest, expiry: expirySeconds })
}

/** A customer's audit of a node, off chain only: no contract reads it. */
export function auditResultTypedData(network: NetworkFile, result: AuditResult): TypedData {
  const { atSeconds, ...rest } = result
  return typedData(network, 'StorageMarket', 'AuditResult', auditFields, { ...rest, at: atSeconds })
}

/** Members of a message from `type name, type name`. */
export function fields(text: string): TypedDataField[] {
  return text.split(',').map((part) => {
    const [type, name] = part.trim().split(' ')
    return { type: type!, name: name! }
  })
}

const acceptFields = fields('address operator, uint8 role, address registry, uint256 chainId, uint64 deadline')
const termsFields = fields(
  'address node, uint96 pricePerGiBPeriodWei, uint64 retrievalPricePerMiBWei, uint40 minimumBytesPerSecond, uint32 sequence',
)
const acceptanceFields = fields(
  'address customer, address node, bytes32 piecesHash, uint96 pricePerGiBPeriodWei, uint64 retrievalPricePerMiBWei, uint40 minimumBytesPerSecond, uint32 sequence, uint64 expiry',
)
const departureFields = fields('address customer, address node, address heir, uint32 sequence, uint64 expiry')
const voucherFields = fields('address customer, address node, bytes32 lane, uint256 cumulativeWei, uint64 expiry')
const auditFields = fields(
  'address customer, address node, uint32 period, uint64 at, uint16 asked, uint16 right, uint16 late, uint16 wrong, uint16 silent, uint32 latencyMs',
)

/** An EIP-712 message in the domain of one of our contracts. */
export function typedData(
  network: NetworkFile,
  contract: 'Registry' | 'StorageMarket' | 'Payments' | 'RenderPool' | 'RenderMarket' | 'RenderPanel' | 'EnergyMarket',
  primaryType: string,
  members: TypedDataField[],
  value: Record<string, unknown>,
): TypedData {
  const domain = {
    name: `Hearth ${contract}`,
    version: '1',
    chainId: network.chainId,
    verifyingContract: network.contracts[contract],
  }
  const types = { [primaryType]: members }
  return { domain, types, primaryType, value, hash: TypedDataEncoder.hash(domain, types, value) }
}
