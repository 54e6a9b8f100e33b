import { getAddress } from 'ethers'
import {
  type Chain,
  chainRoleNames,
  epochOf,
  type OperatorPayment,
  readAllPayments,
  readEpochBurned,
  readEpochClock,
  readEpochLapses,
  readFinalizedEpoch,
  readLatestBlock,
  readRoleAccount,
} from '../../contracts/client/index.ts'
import { recomputeEpoch } from '../../contracts/rewards/index.ts'
import type { RoleName } from '../../roles/api/roles.ts'

/** One operator's share of an epoch: computed here from events, and what the contract has. */
export type VerifiedShare = {
  readonly operator: string
  readonly role: RoleName
  readonly recomputedWei: bigint
  readonly onChainWei: bigint
}

export type EpochVerdict = {
  readonly epoch: number
  readonly shares: readonly VerifiedShare[]
  /** Burned fee by role, from events and from the contract. */
  readonly burned: readonly { readonly role: RoleName; readonly recomputedWei: bigint; readonly onChainWei: bigint }[]
  /** For all operators together; null where nobody has closed the epoch. */
  readonly minted: { readonly recomputedWei: bigint; readonly onChainWei: bigint } | null
  readonly equal: boolean
}

/**
 * Recomputes every share of an ended epoch from the events of all payments and compares each with the contract
 * (PROTOCOL 2.5). The contract's figure is what the operator's next payment settled, or what is due to him where there was
 * none. Everything is read at one block. An epoch that lapsed gives nobody anything (see IRewards), here as on chain.
 */
export async function verifyEpoch(o: { chain: Chain; epoch: number; signal?: AbortSignal }): Promise<EpochVerdict> {
  const { chain, epoch, signal } = o
  const [clock, latest] = await Promise.all([readEpochClock(chain), readLatestBlock(chain)])
  const at = { blockTag: latest.number, ...(signal === undefined ? {} : { signal }) }
  const range = { fromBlock: chain.network.deployedAtBlock, toBlock: latest.number }
  const payments = await readAllPayments(chain, range, signal === undefined ? {} : { signal })
  const epochs = payments.map((payment) => epochOf(payment.atSeconds, clock))
  const page = payments.map(({ operator, role, burnedWei }, index) => ({
    operator,
    role: chainRoleNames.indexOf(role),
    epoch: epochs[index]!,
    burnedWei,
  }))
  const { shares, burnedWei, mintedWei } = recomputeEpoch([page], epoch)
  const lapsed = await readEpochLapses(chain, epoch, at)
  const settled = settledAfter(payments, epochs, epoch)
  const compared: VerifiedShare[] = []
  for (const share of shares()) {
    const [operator, role] = [getAddress(share.operator), chainRoleNames[share.role]!]
    const onChainWei =
      settled.get(accountKey(operator, role)) ?? (await readRoleAccount(chain, operator, role, at)).dueRewardWei
    compared.push({ operator, role, recomputedWei: lapsed ? 0n : share.shareWei, onChainWei })
  }
  const totals = await readEpochBurned(chain, epoch, at)
  const burned = chainRoleNames.map((role, number) => ({
    role,
    recomputedWei: burnedWei[number]!,
    onChainWei: totals[role],
  }))
  const closed = await readFinalizedEpoch(chain, epoch, signal === undefined ? {} : { signal })
  const totalWei = lapsed ? 0n : mintedWei.reduce((sum, wei) => sum + wei, 0n)
  const minted = closed === null ? null : { recomputedWei: totalWei, onChainWei: closed.mintedWei }
  const equal = [...compared, ...burned, ...(minted === null ? [] : [minted])].every(
    (one) => one.recomputedWei === one.onChainWei,
  )
  return { epoch, shares: compared, burned, minted, equal }
}

/** What the first payment after an epoch settled of it, by account; those who had none are missing. */
function settledAfter(
  payments: readonly OperatorPayment[],
  epochs: readonly number[],
  epoch: number,
): ReadonlyMap<string, bigint> {
  const settled = new Map<string, bigint>()
  for (const [index, { operator, role, rewardWei }] of payments.entries()) {
    const key = accountKey(operator, role)
    if (epochs[index]! > epoch && !settled.has(key)) settled.set(key, rewardWei)
  }
  return settled
}

function accountKey(operator: string, role: RoleName): string {
  return `${operator} ${role}`
}
