import { type BytesLike, hexlify, MaxUint256 } from 'ethers'
import type { ChainCall } from './chain.ts'
import { type ContractName, interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { type ChainRoleName, chainRoleNames } from './roles.ts'
import type { PieceInput, PriceTerms, Voucher } from './typed-data.ts'

/** One key to bind: `publicKey` is its 64 bytes, `acceptance` the key's signature over `acceptNodeTypedData`. */
export type NodeBinding = {
  readonly node: string
  readonly role: ChainRoleName
  readonly publicKey: BytesLike
  readonly acceptance: BytesLike
}

export type AuthorizeArguments = {
  readonly operator: string
  /** In rising order of roles, one per role. */
  readonly nodes: readonly NodeBinding[]
  readonly riskMicro: bigint
  readonly spendPerDayMicro: bigint
  readonly number: number
  /** Whole minutes. */
  readonly deadlineSeconds: number
  /** Operator's signature over the sentence; `0x` when the operator sends the call. */
  readonly signature: BytesLike
}

export type SentencePayment = {
  readonly micro: bigint
  readonly number: number
  readonly deadlineSeconds: number
  readonly signature: BytesLike
}

export type SignedVoucher = { readonly voucher: Voucher; readonly signature: BytesLike }

function encode(network: NetworkFile, contract: ContractName, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts[contract], data: interfaces[contract].encodeFunctionData(method, args) }
}

function minutesOf(deadlineSeconds: number): number {
  if (deadlineSeconds % 60 !== 0) throw new RangeError(`Deadline ${deadlineSeconds} is not a whole minute.`)
  return deadlineSeconds / 60
}

/** A voucher as the contract takes it. */
function tupleOf(voucher: Voucher): Record<string, unknown> {
  const { expirySeconds, ...rest } = voucher
  return { ...rest, expiry: expirySeconds }
}

/** Binds a machine's keys to their operator. */
export function encodeAuthorize(network: NetworkFile, args: AuthorizeArguments): ChainCall {
  const nodes = args.nodes.map((binding) => ({
    node: binding.node,
    role: chainRoleNames.indexOf(binding.role),
    publicKey: hexlify(binding.publicKey),
    acceptance: hexlify(binding.acceptance),
  }))
  const { operator, riskMicro, spendPerDayMicro, number } = args
  const deadlineMinutes = minutesOf(args.deadlineSeconds)
  const authorization = { operator, nodes, riskMicro, spendPerDayMicro, number, deadlineMinutes }
  return encode(network, 'Registry', 'authorize', [authorization, hexlify(args.signature)])
}

/** Ends a key for ever. */
export function encodeRevoke(
  network: NetworkFile,
  args: { readonly operator: string; readonly node: string; readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'Registry', 'revoke', [args.operator, args.node, hexlify(args.signature)])
}

/** Adds the sender's tokens (approved to the registry) to an operator's provision. */
export function encodeStakeFor(
  network: NetworkFile,
  args: { readonly operator: string; readonly amountWei: bigint; readonly market?: string },
): ChainCall {
  const market = args.market ?? network.contracts.StorageMarket
  return encode(network, 'Registry', 'stakeFor', [args.operator, market, args.amountWei])
}

/** Moves tokens from what an operator earned into his provision by his sentence. */
export function encodeStake(
  network: NetworkFile,
  args: SentencePayment & { readonly operator: string; readonly market?: string },
): ChainCall {
  const market = args.market ?? network.contracts.StorageMarket
  const rest = [args.micro, args.number, minutesOf(args.deadlineSeconds), hexlify(args.signature)]
  return encode(network, 'Payments', 'stake', [args.operator, market, ...rest])
}

/** Starts to take tokens out of an operator's provision by his sentence. */
export function encodeUnstake(
  network: NetworkFile,
  args: SentencePayment & { readonly operator: string; readonly market?: string },
): ChainCall {
  const market = args.market ?? network.contracts.StorageMarket
  const rest = [args.micro, args.number, minutesOf(args.deadlineSeconds), hexlify(args.signature)]
  return encode(network, 'Registry', 'unstake', [args.operator, market, ...rest])
}

/** Pays an operator the stake whose unbonding is over. */
export function encodeWithdrawStake(
  network: NetworkFile,
  args: { readonly operator: string; readonly market?: string },
): ChainCall {
  const market = args.market ?? network.contracts.StorageMarket
  return encode(network, 'Registry', 'withdrawStake', [args.operator, market])
}

/** Publishes a node's prices; the signature is the node's over `priceTermsTypedData`. */
export function encodeSetTerms(
  network: NetworkFile,
  args: { readonly terms: PriceTerms; readonly signature: BytesLike },
): ChainCall {
  const { node, ...terms } = args.terms
  return encode(network, 'Registry', 'setTerms', [node, terms, hexlify(args.signature)])
}

/** Lets a contract (by default `Payments`) take up to an amount of the sender's tokens. */
export function encodeApprove(
  network: NetworkFile,
  args: { readonly spender?: string; readonly amountWei?: bigint },
): ChainCall {
  const spender = args.spender ?? network.contracts.Payments
  return encode(network, 'HearthToken', 'approve', [spender, args.amountWei ?? MaxUint256])
}

/** Moves the sender's tokens. */
export function encodeTransfer(
  network: NetworkFile,
  args: { readonly to: string; readonly amountWei: bigint },
): ChainCall {
  return encode(network, 'HearthToken', 'transfer', [args.to, args.amountWei])
}

/** Moves an owner's tokens by his sentence. */
export function encodeTransferBySentence(
  network: NetworkFile,
  args: SentencePayment & { readonly owner: string; readonly to: string },
): ChainCall {
  const { owner, to, micro, number } = args
  const minutes = minutesOf(args.deadlineSeconds)
  return encode(network, 'HearthToken', 'transferBySentence', [
    owner,
    to,
    micro,
    number,
    minutes,
    hexlify(args.signature),
  ])
}

/** Sets the sender's tokens (approved to `Payments`) aside for nodes. */
export function encodeLock(
  network: NetworkFile,
  args: { readonly nodes: readonly string[]; readonly amountsWei: readonly bigint[] },
): ChainCall {
  return encode(network, 'Payments', 'lock', [args.nodes, args.amountsWei])
}

/** Starts to take tokens back from a lock. */
export function encodeStartThaw(
  network: NetworkFile,
  args: { readonly node: string; readonly amountWei: bigint },
): ChainCall {
  return encode(network, 'Payments', 'startThaw', [args.node, args.amountWei])
}

/** Pays thawed tokens back to the sender. */
export function encodeWithdraw(network: NetworkFile, args: { readonly node: string }): ChainCall {
  return encode(network, 'Payments', 'withdraw', [args.node])
}

/** Redeems the last voucher of a lane. */
export function encodeRedeem(network: NetworkFile, args: SignedVoucher): ChainCall {
  return encode(network, 'Payments', 'redeem', [tupleOf(args.voucher), hexlify(args.signature)])
}

/** Redeems vouchers of many customers and lanes. */
export function encodeRedeemMany(
  network: NetworkFile,
  args: { readonly vouchers: readonly SignedVoucher[] },
): ChainCall {
  const signatures = args.vouchers.map(({ signature }) => hexlify(signature))
  return encode(network, 'Payments', 'redeemMany', [args.vouchers.map(({ voucher }) => tupleOf(voucher)), signatures])
}

/** Adds accepted pieces to the sender's data set on a node. */
export function encodeAddPieces(
  network: NetworkFile,
  args: {
    readonly node: string
    readonly pieces: readonly PieceInput[]
    readonly pricePerGiBPeriodWei: bigint
    readonly retrievalPricePerMiBWei: bigint
    readonly minimumBytesPerSecond: number
    readonly sequence: number
    readonly expirySeconds: number
    /** The node's over `pieceAcceptanceTypedData`. */
    readonly signature: BytesLike
    readonly depositWei: bigint
  },
): ChainCall {
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond, sequence } = args
  const prices = { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  const acceptance = { ...prices, sequence, expiry: args.expirySeconds }
  const rest = [args.node, args.pieces, acceptance, hexlify(args.signature), args.depositWei]
  return encode(network, 'StorageMarket', 'addPieces', rest)
}

/** Adds the sender's tokens (approved to `Payments`) to a data set's escrow. */
export function encodeTopUp(
  network: NetworkFile,
  args: { readonly customer: string; readonly node: string; readonly amountWei: bigint },
): ChainCall {
  return encode(network, 'StorageMarket', 'topUp', [args.customer, args.node, args.amountWei])
}

/** Takes pieces out of the sender's data set from the next period on. */
export function encodeRemovePieces(
  network: NetworkFile,
  args: { readonly node: string; readonly indices: readonly number[] },
): ChainCall {
  return encode(network, 'StorageMarket', 'removePieces', [args.node, args.indices])
}

/** Ends the sender's data set after the running period. */
export function encodeDrop(network: NetworkFile, args: { readonly node: string }): ChainCall {
  return encode(network, 'StorageMarket', 'drop', [args.node])
}

/** Returns a dropped set's escrow to its customer. */
export function encodeFinish(
  network: NetworkFile,
  args: { readonly customer: string; readonly node: string },
): ChainCall {
  return encode(network, 'StorageMarket', 'finish', [args.customer, args.node])
}

/** Forgets up to `count` pieces of a set that ended long enough ago; with the last one the pair may start anew. */
export function encodeClear(
  network: NetworkFile,
  args: { readonly customer: string; readonly node: string; readonly count: number },
): ChainCall {
  return encode(network, 'StorageMarket', 'clear', [args.customer, args.node, args.count])
}

/** Proves possession for the running period; `proofs` are leaf and siblings of each challenge, joined in order. */
export function encodeProvePossession(
  network: NetworkFile,
  args: {
    readonly customer: string
    readonly node: string
    readonly period: number
    readonly proofs: BytesLike
  },
): ChainCall {
  return encode(network, 'StorageMarket', 'provePossession', [
    args.customer,
    args.node,
    args.period,
    hexlify(args.proofs),
  ])
}

/** Proves several data sets of one node in one transaction; sets that are proven already are skipped. */
export function encodeProveMany(
  network: NetworkFile,
  args: {
    readonly node: string
    readonly period: number
    readonly sets: readonly { readonly customer: string; readonly proofs: BytesLike }[]
  },
): ChainCall {
  const sets = args.sets.map(({ customer, proofs }) => ({ customer, proofs: hexlify(proofs) }))
  return encode(network, 'StorageMarket', 'proveMany', [args.node, args.period, sets])
}

/** Books the missed periods of a data set. */
export function encodeSettle(
  network: NetworkFile,
  args: { readonly customer: string; readonly node: string },
): ChainCall {
  return encode(network, 'StorageMarket', 'settle', [args.customer, args.node])
}

/** Fixes the block that a slot's seed will come from. */
export function encodeOpenSeed(network: NetworkFile, args: { readonly slot: number }): ChainCall {
  return encode(network, 'Seeds', 'open', [args.slot])
}

/** Stores a slot's seed. */
export function encodeCaptureSeed(network: NetworkFile, args: { readonly slot: number }): ChainCall {
  return encode(network, 'Seeds', 'capture', [args.slot])
}

/** Pays an operator exactly the amount of his sentence. */
export function encodeClaim(network: NetworkFile, args: SentencePayment & { readonly operator: string }): ChainCall {
  const minutes = minutesOf(args.deadlineSeconds)
  return encode(network, 'Payments', 'claim', [
    args.operator,
    args.micro,
    args.number,
    minutes,
    hexlify(args.signature),
  ])
}
