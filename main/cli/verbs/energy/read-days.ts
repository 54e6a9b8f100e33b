import {
  type Chain,
  type EnergyNet,
  isSelfDeclaredCertificate,
  readCertificates,
  readCertificateTotals,
  readEnergyMember,
  readEnergyTiming,
  readLatestBlock,
  readNode,
  readSettledEnergyDays,
} from '../../../../contracts/client/index.ts'

/** A settled day of a node's community. */
export type EnergyDay = {
  readonly community: string
  readonly day: number
  /** When it began, ISO 8601, UTC. */
  readonly beganAt: string
  readonly nets: readonly EnergyNet[]
  readonly certificateId: bigint
  /** Who is paid for the node. */
  readonly operator: string
}

/** Settled days of the community that a node is a member of, oldest first; none when it is in none. */
export async function readDaysOf(chain: Chain, node: string, signal: AbortSignal): Promise<EnergyDay[]> {
  const options = { signal }
  const [member, entry] = await Promise.all([readEnergyMember(chain, node, options), readNode(chain, node, options)])
  if (member === null || entry === null) return []
  const { slotSeconds, slotsPerDay } = await readEnergyTiming(chain, options)
  const toBlock = (await readLatestBlock(chain, options)).number
  const range = { community: member.community, fromBlock: chain.network.deployedAtBlock, toBlock }
  const days = await readSettledEnergyDays(chain, range, options)
  return days.map(({ community, day, nets, certificateId }) => {
    const beganAt = new Date(day * slotsPerDay * slotSeconds * 1000).toISOString()
    return { community, day, beganAt, nets, certificateId, operator: entry.operator }
  })
}

/** Certificates of these days that the node's operator holds or once held something of. */
export async function readCertificatesOf(chain: Chain, days: readonly EnergyDay[], signal: AbortSignal) {
  return Promise.all(
    days
      .filter(({ nets }) => nets.some(({ heldWh }) => heldWh > 0))
      .map(async ({ beganAt, day, certificateId, operator }) => {
        const [heldWh, totals] = await Promise.all([
          readCertificates(chain, { owner: operator, certificateId }, { signal }),
          readCertificateTotals(chain, certificateId, { signal }),
        ])
        return {
          day,
          beganAt,
          certificateId,
          heldWh,
          ...totals,
          selfDeclared: isSelfDeclaredCertificate(certificateId),
        }
      }),
  )
}
