import { getAddress, hexlify, type BytesLike, type Result, ZeroAddress } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { fields, type TypedData, typedData } from './typed-data.ts'

/** A meter that an admitter signs for, and its node too. */
export type MeterAdmission = {
  /** 32 bytes as hex. */
  readonly community: string
  readonly node: string
  /** Hashes, 32 bytes as hex. */
  readonly meter: string
  readonly connection: string
  readonly fuseWatts: number
  readonly pvPeakWatts: number
  readonly expirySeconds: number
}

/** A community as the chain has it. */
export type EnergyCommunity = {
  /** Null for a self-declared one. */
  readonly admitter: string | null
  readonly founder: string
  readonly feedInGweiPerWh: number
  readonly retailGweiPerWh: number
  /** First day of these prices; before it the earlier ones count. */
  readonly tariffDay: number
  readonly earlierFeedInGweiPerWh: number
  readonly earlierRetailGweiPerWh: number
}

/** A node's membership. */
export type EnergyMember = Omit<MeterAdmission, 'node' | 'expirySeconds'> & {
  readonly funder: string | null
  readonly lockedWei: bigint
  /** First day in which it is no member any more; null while it is one. */
  readonly leftDay: number | null
}

/** Times of the energy market. */
export type EnergyMarketTiming = {
  readonly slotSeconds: number
  readonly slotsPerDay: number
  readonly challengeSeconds: number
}

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.EnergyMarket, data: interfaces.EnergyMarket.encodeFunctionData(method, args) }
}

/** Founds a community of the sender's; without an admitter it is self-declared. */
export function encodeFoundCommunity(network: NetworkFile, args: { readonly admitter: string | null }): ChainCall {
  return encode(network, 'found', [args.admitter ?? ZeroAddress])
}

/** Sets prices from a later day on; the sender is the admitter, or the founder of a self-declared community. */
export function encodeSetTariff(
  network: NetworkFile,
  args: {
    readonly community: string
    readonly fromDay: number
    readonly feedInGweiPerWh: number
    readonly retailGweiPerWh: number
  },
): ChainCall {
  return encode(network, 'setTariff', [args.community, args.fromDay, args.feedInGweiPerWh, args.retailGweiPerWh])
}

/** What admitter and node sign. */
export function admissionTypedData(network: NetworkFile, admission: MeterAdmission): TypedData {
  return typedData(network, 'EnergyMarket', 'Admission', admissionFields, valuesOf(admission))
}

/** Takes a meter in; the admitter's signature is empty in a self-declared community. */
export function encodeAdmitMeter(
  network: NetworkFile,
  args: MeterAdmission & { readonly admitterSignature: BytesLike; readonly nodeSignature: BytesLike },
): ChainCall {
  const { admitterSignature, nodeSignature, ...admission } = args
  return encode(network, 'admit', [valuesOf(admission), hexlify(admitterSignature), hexlify(nodeSignature)])
}

/** A node's word that it leaves its community. */
export function leaveTypedData(
  network: NetworkFile,
  member: Pick<MeterAdmission, 'community' | 'node' | 'meter'>,
): TypedData {
  const { community, node, meter } = member
  return typedData(network, 'EnergyMarket', 'Leave', leaveFields, { community, node, meter })
}

/** Ends a membership with this day; the signature is empty where the sender is the admitter. */
export function encodeResign(
  network: NetworkFile,
  args: { readonly node: string; readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'resign', [args.node, hexlify(args.signature)])
}

/** Adds the sender's tokens, approved to `Payments`, to a member's lock. */
export function encodeEnergyLock(
  network: NetworkFile,
  args: { readonly node: string; readonly amountWei: bigint },
): ChainCall {
  return encode(network, 'lock', [args.node, args.amountWei])
}

/** Returns the lock of a node that left. */
export function encodeWithdrawEnergyLock(network: NetworkFile, args: { readonly node: string }): ChainCall {
  return encode(network, 'withdrawLock', [args.node])
}

/** A community, or null when there is none of this id. */
export async function readEnergyCommunity(
  chain: Chain,
  community: string,
  options: ReadOptions = {},
): Promise<EnergyCommunity | null> {
  const [found] = await readContract(chain, 'EnergyMarket', 'communityOf', [community], options)
  const view = found as Result
  const [admitter, founder] = [getAddress(view.admitter), getAddress(view.founder)]
  if (founder === ZeroAddress) return null
  return {
    admitter: admitter === ZeroAddress ? null : admitter,
    founder,
    feedInGweiPerWh: Number(view.feedInGweiPerWh),
    retailGweiPerWh: Number(view.retailGweiPerWh),
    tariffDay: Number(view.tariffDay),
    earlierFeedInGweiPerWh: Number(view.earlierFeedInGweiPerWh),
    earlierRetailGweiPerWh: Number(view.earlierRetailGweiPerWh),
  }
}

/** A node's membership, or null. */
export async function readEnergyMember(
  chain: Chain,
  node: string,
  options: ReadOptions = {},
): Promise<EnergyMember | null> {
  const [found] = await readContract(chain, 'EnergyMarket', 'memberOf', [node], options)
  const view = found as Result
  if (BigInt(view.meter as string) === 0n) return null
  const funder = getAddress(view.funder)
  return {
    community: String(view.community),
    meter: String(view.meter),
    connection: String(view.connection),
    fuseWatts: Number(view.fuseWatts),
    pvPeakWatts: Number(view.pvPeakWatts),
    funder: funder === ZeroAddress ? null : funder,
    lockedWei: BigInt(view.lockedWei),
    leftDay: Number(view.leftDay) === 0 ? null : Number(view.leftDay),
  }
}

/** Reads what never changes in a deployment; callers keep the answer. */
export async function readEnergyTiming(chain: Chain, options: ReadOptions = {}): Promise<EnergyMarketTiming> {
  const [found] = await readContract(chain, 'EnergyMarket', 'timing', [], options)
  const view = found as Result
  return {
    slotSeconds: Number(view.slotSeconds),
    slotsPerDay: Number(view.slotsPerDay),
    challengeSeconds: Number(view.challengeSeconds),
  }
}

function valuesOf({ expirySeconds, ...rest }: MeterAdmission): Record<string, unknown> {
  return { ...rest, expiry: expirySeconds }
}

const admissionFields = fields(
  'bytes32 community, address node, bytes32 meter, bytes32 connection, uint32 fuseWatts, uint32 pvPeakWatts, uint64 expiry',
)
const leaveFields = fields('bytes32 community, address node, bytes32 meter')
