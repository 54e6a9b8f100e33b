import { getAddress, id, zeroPadValue, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { readLogs } from './read-logs.ts'

/** Wh of one id that were taken out of the world in somebody's name. */
export type Retirement = {
  readonly certificateId: bigint
  readonly owner: string
  readonly wattHours: bigint
  readonly beneficiaryHash: string
  readonly transactionHash: string
}

/** Destroys the sender's Wh in somebody's name; only the hash of the text goes on chain. */
export function encodeRetireCertificates(
  network: NetworkFile,
  args: { readonly certificateId: bigint; readonly wattHours: bigint; readonly beneficiary: string },
): ChainCall {
  const values = [args.certificateId, args.wattHours, id(args.beneficiary)]
  return {
    to: network.contracts.EnergyCertificates,
    data: interfaces.EnergyCertificates.encodeFunctionData('retire', values),
  }
}

/** Wh of one id that an account holds. */
export async function readCertificates(
  chain: Chain,
  { owner, certificateId }: { readonly owner: string; readonly certificateId: bigint },
  options: ReadOptions = {},
): Promise<bigint> {
  const [held] = await readContract(chain, 'EnergyCertificates', 'balanceOf', [owner, certificateId], options)
  return BigInt(held as bigint)
}

/** Wh of one id that were minted, and that were retired since. */
export async function readCertificateTotals(
  chain: Chain,
  certificateId: bigint,
  options: ReadOptions = {},
): Promise<{ readonly mintedWh: bigint; readonly retiredWh: bigint }> {
  const [[minted], [retired]] = await Promise.all([
    readContract(chain, 'EnergyCertificates', 'mintedWh', [certificateId], options),
    readContract(chain, 'EnergyCertificates', 'retiredWh', [certificateId], options),
  ])
  return { mintedWh: BigInt(minted as bigint), retiredWh: BigInt(retired as bigint) }
}

/** True for certificates that no admitter stands behind: the top bit of their id says so. */
export function isSelfDeclaredCertificate(certificateId: bigint): boolean {
  return certificateId >> 255n === 1n
}

/** Retirements of an account in a range of blocks (both ends included), in chain order. */
export async function readRetirements(
  chain: Chain,
  filter: BlockRange & { readonly owner: string },
  options: { readonly signal?: AbortSignal } = {},
): Promise<Retirement[]> {
  const { topicHash } = interfaces.EnergyCertificates.getEvent('Retired')!
  const topics = [topicHash, null, zeroPadValue(filter.owner, 32)]
  const logs = await readLogs(chain, 'EnergyCertificates', topics, filter, options)
  return logs.map((log) => {
    const args: Result = interfaces.EnergyCertificates.decodeEventLog('Retired', log.data, log.topics)
    return {
      certificateId: BigInt(args.id),
      owner: getAddress(args.owner),
      wattHours: BigInt(args.wattHours),
      beneficiaryHash: String(args.beneficiaryHash),
      transactionHash: log.transactionHash,
    }
  })
}
