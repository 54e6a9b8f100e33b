import type { Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { readLogs } from './read-logs.ts'
import { type ChainRoleName, chainRoleNames } from './roles.ts'

/** How a deployment counts epochs; never changes. */
export type EpochClock = {
  readonly epochSeconds: number
  /** Lengths of an epoch since 1970 before the first. */
  readonly origin: number
}

/** An amount in wei for each role. */
export type WeiByRole = Readonly<Record<ChainRoleName, bigint>>

/** What an operator has in one role, and where his reward stands. */
export type RoleAccount = {
  readonly feesEarnedWei: bigint
  readonly feeBurnedWei: bigint
  /** Epoch of the last payment, null when there was none. */
  readonly epoch: number | null
  /** Fee burned in that epoch, in whole gwei. */
  readonly weightWei: bigint
  /** Shares of the epochs before that one. */
  readonly settledRewardWei: bigint
  /** Share of that epoch: zero while it runs and when it lapsed. */
  readonly dueRewardWei: bigint
}

/** What `EpochFinalized` said. */
export type FinalizedEpoch = {
  readonly epoch: number
  readonly burnedWei: WeiByRole
  /** For all operators together; nothing when the epoch lapsed. */
  readonly mintedWei: bigint
  readonly blockNumber: number
  readonly transactionHash: string
}

export async function readEpochClock(chain: Chain, options: ReadOptions = {}): Promise<EpochClock> {
  const [seconds, origin] = await Promise.all([
    readContract(chain, 'HearthToken', 'epochSeconds', [], options),
    readContract(chain, 'HearthToken', 'epochOrigin', [], options),
  ])
  return { epochSeconds: Number(seconds[0]), origin: Number(origin[0]) }
}

/** Number of the epoch that a time belongs to; zero and less before the deployment. */
export function epochOf(timestampSeconds: number, clock: EpochClock): number {
  return Math.floor(timestampSeconds / clock.epochSeconds) - clock.origin
}

/** First second after an epoch. */
export function epochEndSeconds(epoch: number, clock: EpochClock): number {
  return (clock.origin + epoch + 1) * clock.epochSeconds
}

/** Fee burned in an epoch by role, in whole gwei; final once the epoch is over. */
export async function readEpochBurned(chain: Chain, epoch: number, options: ReadOptions = {}): Promise<WeiByRole> {
  const [burned] = await readContract(chain, 'Payments', 'burnedIn', [epoch], options)
  return byRole(burned as Result)
}

/** Most that each role's operators can get for an epoch. */
export async function readEpochCeilings(chain: Chain, epoch: number, options: ReadOptions = {}): Promise<WeiByRole> {
  const read = (_name: string, role: number) =>
    readContract(chain, 'HearthToken', 'ceilingWei', [role, epoch], options).then(([wei]) => BigInt(wei))
  return byRole(await Promise.all(chainRoleNames.map(read)))
}

export async function readEpochFinalized(chain: Chain, epoch: number, options: ReadOptions = {}): Promise<boolean> {
  const [finalized] = await readContract(chain, 'Rewards', 'finalized', [epoch], options)
  return Boolean(finalized)
}

/** Whether an ended epoch gives nothing because nobody may mint for it (see IRewards); false while it runs. */
export async function readEpochLapses(chain: Chain, epoch: number, options: ReadOptions = {}): Promise<boolean> {
  const [lapses] = await readContract(chain, 'Rewards', 'lapses', [epoch], options)
  return Boolean(lapses)
}

/** What one operator has in one role. */
export async function readRoleAccount(
  chain: Chain,
  operator: string,
  role: ChainRoleName,
  options: ReadOptions = {},
): Promise<RoleAccount> {
  const number = chainRoleNames.indexOf(role)
  const [answer] = await readContract(chain, 'Payments', 'accountOf', [operator, number], options)
  const account = answer as Result
  return {
    feesEarnedWei: BigInt(account.feesEarnedWei),
    feeBurnedWei: BigInt(account.feeBurnedWei),
    epoch: Number(account.epoch) === 0 ? null : Number(account.epoch),
    weightWei: BigInt(account.weightWei),
    settledRewardWei: BigInt(account.settledRewardWei),
    dueRewardWei: BigInt(account.dueRewardWei),
  }
}

/** What was said when an epoch was closed; null while nobody has. */
export async function readFinalizedEpoch(
  chain: Chain,
  epoch: number,
  options: { readonly signal?: AbortSignal } = {},
): Promise<FinalizedEpoch | null> {
  const topics = interfaces.Rewards.encodeFilterTopics('EpochFinalized', [epoch])
  const range = { fromBlock: 0, toBlock: await chain.provider.getBlockNumber() }
  const [log] = await readLogs(chain, 'Rewards', topics, range, options)
  if (log === undefined) return null
  const args = interfaces.Rewards.decodeEventLog('EpochFinalized', log.data, log.topics)
  const { blockNumber, transactionHash } = log
  const burnedWei = byRole(args.burnedWei as Result)
  return { epoch, burnedWei, mintedWei: BigInt(args.mintedWei), blockNumber, transactionHash }
}

/** Closes an ended epoch: mints its rewards and destroys its fees. Anyone may send it, and again without effect. */
export function encodeFinalizeEpoch(network: NetworkFile, args: { readonly epoch: number }): ChainCall {
  return { to: network.contracts.Rewards, data: interfaces.Rewards.encodeFunctionData('finalize', [args.epoch]) }
}

function byRole(values: Iterable<unknown>): WeiByRole {
  const amounts = [...values].map((value) => BigInt(value as bigint))
  return Object.fromEntries(chainRoleNames.map((name, role) => [name, amounts[role]!])) as WeiByRole
}
