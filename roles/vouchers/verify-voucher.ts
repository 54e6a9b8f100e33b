import { hexlify, verifyTypedData } from 'ethers'
import { voucherTypedData, type NetworkFile, type Voucher } from '../../contracts/client/index.ts'
import { sameAddress } from '../api/values.ts'

/** Half of the curve's order: the contract refuses the malleable upper half (EIP-2), so a node must as well. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** True when `voucher.customer` signed exactly this voucher for this network and the contract would accept the form. */
export function verifyVoucher(network: NetworkFile, voucher: Voucher, signature: Uint8Array): boolean {
  if (signature.length !== 65 || (signature[64] !== 27 && signature[64] !== 28)) return false
  if (BigInt(hexlify(signature.subarray(32, 64))) > halfOrder) return false
  try {
    const { domain, types, value } = voucherTypedData(network, voucher)
    return sameAddress(verifyTypedData(domain, types, value, hexlify(signature)), voucher.customer)
  } catch {
    return false
  }
}
