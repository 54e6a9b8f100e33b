import type { AccountTable } from './account-table.ts'
import { ceilingGwei, mintGwei, shareGwei, weiPerGwei } from './emission.ts'
import { addUpEpoch, roleCount, weightGwei } from './add-up-epoch.ts'
import type { Payment } from './weigh-payments.ts'

/** One operator's share of an epoch in a role, in wei. */
export type EpochShare = {
  /** `0x` and 40 hex digits in lower case. */
  readonly operator: string
  readonly role: number
  readonly weightWei: bigint
  readonly shareWei: bigint
}

/** An epoch as its payments make it. Lists by role have one entry for each of the five. */
export type RecomputedEpoch = {
  readonly burnedWei: readonly bigint[]
  /** What is minted for the role when the epoch is closed: all shares, and their dust. */
  readonly mintedWei: readonly bigint[]
  /** What rounding the shares down leaves of it: under a gwei for each operator, nothing where there is one. */
  readonly dustWei: readonly bigint[]
  /** What the schedule allowed and nobody gets. */
  readonly lapsedWei: readonly bigint[]
  readonly shareCount: number
  /** The shares of all who were paid in the epoch, made one at a time: there may be millions. Starts anew at every call. */
  shares(): Generator<EpochShare>
}

/**
 * Recomputes every share of an epoch from payments, to the wei (PROTOCOL 2.5). Pure. `pages` are all payments of the deployment up
 * to the epoch's end, in any order; later ones change nothing. Ten million payments of a million operators take seconds, and a
 * page is forgotten once it is added up; see `npm run bench rewards`. Throws a RangeError for payments that no contract can have
 * made.
 */
export function recomputeEpoch(pages: Iterable<readonly Payment[]>, epoch: number): RecomputedEpoch {
  return shareOut(addUpEpoch(pages, epoch), epoch)
}

/** The shares that sums give. */
export function shareOut(accounts: AccountTable, epoch: number): RecomputedEpoch {
  const { count } = accounts
  const totals = new Array<bigint>(roleCount).fill(0n)
  const weights = new BigUint64Array(count)
  for (let account = 0; account < count; account++) {
    weights[account] = weightGwei(accounts, account)
    totals[accounts.roleOf(account)]! += weights[account]!
  }
  const shared = new Array<bigint>(roleCount).fill(0n)
  const sharesGwei = new BigUint64Array(count)
  let shareCount = 0
  for (let account = 0; account < count; account++) {
    if (!accounts.wasPaid(account)) continue
    const role = accounts.roleOf(account)
    const share = shareGwei({ role, epoch, weightGwei: weights[account]!, totalGwei: totals[role]! })
    sharesGwei[account] = share
    shared[role]! += share
    shareCount++
  }
  const minted = totals.map((totalGwei, role) => mintGwei({ role, epoch, totalGwei }))
  return {
    burnedWei: totals.map((total) => total * weiPerGwei),
    mintedWei: minted.map((gwei) => gwei * weiPerGwei),
    dustWei: minted.map((gwei, role) => (gwei - shared[role]!) * weiPerGwei),
    lapsedWei: minted.map((gwei, role) => (ceilingGwei(role, epoch) - gwei) * weiPerGwei),
    shareCount,
    *shares() {
      for (let account = 0; account < count; account++) {
        if (!accounts.wasPaid(account)) continue
        yield {
          operator: accounts.operatorOf(account),
          role: accounts.roleOf(account),
          weightWei: weights[account]! * weiPerGwei,
          shareWei: sharesGwei[account]! * weiPerGwei,
        }
      }
    },
  }
}
