import type { Voucher } from '../../contracts/client/index.ts'
import { HearthError } from '../api/errors.ts'

/** A running total that its customer signed: 65 bytes of ECDSA over the EIP-712 hash. */
export type SignedVoucher = Voucher & { readonly signature: Uint8Array }

/**
 * A voucher that must not be taken. Codes: VOUCHER_FORGED, VOUCHER_FOREIGN (other customer or node), VOUCHER_EXPIRING,
 * VOUCHER_LOWER (a payment that would lower the running total).
 */
export class VoucherError extends HearthError {}

/** Bytes of retrieval that a node gives on trust before it wants a voucher (PROTOCOL 2.1). */
export const creditBytes = 1024 * 1024

/** The price of a range, rounded up in favour of the node: wei for a MiB times bytes. */
export function priceOfRangeRoundedUp(lengthBytes: number, pricePerMiBWei: bigint): bigint {
  const mebibyte = 1024n * 1024n
  return (BigInt(lengthBytes) * pricePerMiBWei + mebibyte - 1n) / mebibyte
}
