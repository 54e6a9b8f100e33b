import { getBytes, type Signer } from 'ethers'
import { voucherTypedData, type NetworkFile, type Voucher } from '../../contracts/client/index.ts'
import type { SignedVoucher } from './voucher.ts'

/** What signs: a wallet in this process, or anything that signs EIP-712 elsewhere. */
export type VoucherSigner = Pick<Signer, 'signTypedData'>

/** Signs a running total with the customer's key (EIP-712, domain of Payments on this chain). */
export async function signVoucher(
  signer: VoucherSigner,
  network: NetworkFile,
  voucher: Voucher,
): Promise<SignedVoucher> {
  const { domain, types, value } = voucherTypedData(network, voucher)
  const signature = await signer.signTypedData(domain, types, value)
  return { ...voucher, signature: getBytes(signature) }
}
