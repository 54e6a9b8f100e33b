import { hexlify, verifyTypedData } from 'ethers'
import { auditResultTypedData, type AuditResult, type NetworkFile } from '../../../contracts/client/index.ts'
import { sameAddress } from '../../api/values.ts'

/** A result with its customer's signature, and its node's where that one agreed. */
export type AuditRecord = AuditResult & {
  readonly customerSignature: Uint8Array
  readonly nodeSignature: Uint8Array | null
}

/**
 * Who stands behind a record on this network: `both`, the `customer` alone, or `nobody`, when the customer's signature is not
 * its own, the node's is given and forged, or the counts do not sum up.
 */
export function judgeAuditRecord(network: NetworkFile, record: AuditRecord): 'both' | 'customer' | 'nobody' {
  const { customerSignature, nodeSignature, ...result } = record
  const { asked, right, late, wrong, silent } = result
  if (right + late + wrong + silent !== asked) return 'nobody'
  if (!isSignedBy(network, result, customerSignature, result.customer)) return 'nobody'
  if (nodeSignature === null) return 'customer'
  return isSignedBy(network, result, nodeSignature, result.node) ? 'both' : 'nobody'
}

/** True when `signer` signed exactly this result for this network. */
export function isSignedBy(network: NetworkFile, result: AuditResult, signature: Uint8Array, signer: string): boolean {
  try {
    const { domain, types, value } = auditResultTypedData(network, result)
    return sameAddress(verifyTypedData(domain, types, value, hexlify(signature)), signer)
  } catch {
    return false
  }
}
