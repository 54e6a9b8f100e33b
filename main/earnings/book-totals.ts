import { chainRoleNames, type EpochClock, epochOf } from '../../contracts/client/index.ts'
import { weiPerGwei } from '../../contracts/rewards/index.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { BookRow } from '../store/index.ts'
import { splitByWeight } from './split-by-weight.ts'

/** What came in during a stretch of time, in wei. Rewards count with the node on whose work their epoch's fee was burned. */
export type Income = {
  earnedWei: bigint
  proofs: number
  readonly byRole: Map<RoleName, bigint>
  readonly byNode: Map<string, bigint>
}

/** What an epoch's income came from, for telling one week from another. */
export type EpochIncome = {
  earnedWei: bigint
  voucherWei: bigint
  repairWei: bigint
  renderWei: bigint
  energyWei: bigint
  rewardWei: bigint
  burnedWei: bigint
  /** Possession proofs by the customer whose set they were for. */
  readonly proofs: Map<string, { count: number; wei: bigint }>
}

/** The epoch that a role was last paid in: its share is not settled before the next payment. */
export type OpenWeight = { readonly role: RoleName; readonly epoch: number; readonly weightGwei: bigint }

type RoleState = {
  paidAtSeconds: number
  burnedWei: bigint
  epoch: number
  weightGwei: bigint
  rewardWei: bigint
  /** Fee burned since the last settled share, by node. */
  readonly burnedByNode: Map<string, bigint>
}

/**
 * Adds up the lines of the books in chain order, each once, so that nothing ever has to look at all of them again. `clock`
 * is null while the chain has not told it: epochs are then not counted and nothing is open.
 */
export class BookTotals {
  readonly clock: EpochClock | null
  readonly #localDay: (epochMs: number) => string
  readonly #roles = new Map<RoleName, RoleState>()
  readonly days = new Map<string, Income>()
  readonly epochs = new Map<number, EpochIncome>()
  readonly lifetime: Income = noIncome()
  readonly sums = { rows: 0, workWei: 0n, rewardWei: 0n, claimedWei: 0n, movedToStakeWei: 0n, burnedWei: 0n }

  constructor(options: { clock: EpochClock | null; localDay: (epochMs: number) => string }) {
    this.clock = options.clock
    this.#localDay = options.localDay
  }

  add(row: BookRow): void {
    this.sums.rows++
    switch (row.kind) {
      case 'work':
        return this.#addWork(row)
      case 'reward':
        return this.#addReward(row)
      case 'claim':
        this.sums.claimedWei += row.amountWei
        return
      case 'stake':
        this.sums.movedToStakeWei += row.amountWei
        return
    }
  }

  /** For each role the epoch of its last payment: only that one can be open. */
  openWeights(): readonly OpenWeight[] {
    if (this.clock === null) return []
    return chainRoleNames.flatMap((role) => {
      const state = this.#roles.get(role)
      return state === undefined ? [] : [{ role, epoch: state.epoch, weightGwei: state.weightGwei }]
    })
  }

  /** A share of the role's open epoch by the nodes that it is for; the parts add up to it. */
  splitOpenReward(role: RoleName, wei: bigint): ReadonlyMap<string, bigint> {
    return splitByWeight(wei, this.#roles.get(role)?.burnedByNode ?? new Map())
  }

  /** When a role was last paid for work, null when it never was. */
  paidAtSeconds(role: RoleName): number | null {
    return this.#roles.get(role)?.paidAtSeconds ?? null
  }

  /** Settled rewards of a role. */
  rewardWei(role: RoleName): bigint {
    return this.#roles.get(role)?.rewardWei ?? 0n
  }

  #addWork(row: BookRow): void {
    const [role, node] = [row.role!, row.node!]
    this.sums.workWei += row.amountWei
    this.sums.burnedWei += row.burnedWei
    this.#addIncome(row.atSeconds, role, new Map([[node, row.amountWei]]), row.work === 'storageProof')
    const epoch = this.#epochIncome(row.atSeconds)
    if (epoch !== null) addWorkOfEpoch(epoch, row)
    const state = this.#state(role)
    const number = this.clock === null ? 0 : epochOf(row.atSeconds, this.clock)
    if (number !== state.epoch) [state.epoch, state.weightGwei] = [number, 0n]
    state.paidAtSeconds = row.atSeconds
    // Whole gwei of the running sum, so that dust is neither lost nor counted twice.
    state.weightGwei += (state.burnedWei + row.burnedWei) / weiPerGwei - state.burnedWei / weiPerGwei
    state.burnedWei += row.burnedWei
    addTo(state.burnedByNode, node, row.burnedWei)
  }

  /** Stands before the payment that settled it. */
  #addReward(row: BookRow): void {
    const state = this.#state(row.role!)
    this.sums.rewardWei += row.amountWei
    state.rewardWei += row.amountWei
    this.#addIncome(row.atSeconds, row.role!, splitByWeight(row.amountWei, state.burnedByNode), false)
    state.burnedByNode.clear()
    const epoch = this.#epochIncome(row.atSeconds)
    if (epoch === null) return
    epoch.earnedWei += row.amountWei
    epoch.rewardWei += row.amountWei
  }

  #addIncome(atSeconds: number, role: RoleName, byNode: ReadonlyMap<string, bigint>, proof: boolean): void {
    const day = this.#localDay(atSeconds * 1000)
    const ofDay = this.days.get(day) ?? noIncome()
    this.days.set(day, ofDay)
    addIncome(ofDay, role, byNode, proof)
    addIncome(this.lifetime, role, byNode, proof)
  }

  #epochIncome(atSeconds: number): EpochIncome | null {
    if (this.clock === null) return null
    const number = epochOf(atSeconds, this.clock)
    const known = this.epochs.get(number)
    if (known !== undefined) return known
    const fresh = noEpochIncome()
    this.epochs.set(number, fresh)
    return fresh
  }

  #state(role: RoleName): RoleState {
    const known = this.#roles.get(role)
    if (known !== undefined) return known
    const nothing = { paidAtSeconds: 0, burnedWei: 0n, epoch: 0, weightGwei: 0n, rewardWei: 0n }
    const fresh = { ...nothing, burnedByNode: new Map<string, bigint>() }
    this.#roles.set(role, fresh)
    return fresh
  }
}

export function noIncome(): Income {
  return { earnedWei: 0n, proofs: 0, byRole: new Map(), byNode: new Map() }
}

export function noEpochIncome(): EpochIncome {
  return {
    earnedWei: 0n,
    voucherWei: 0n,
    repairWei: 0n,
    renderWei: 0n,
    energyWei: 0n,
    rewardWei: 0n,
    burnedWei: 0n,
    proofs: new Map(),
  }
}

/** Two stretches of time as one. */
export function addEpochIncome(left: EpochIncome, right: EpochIncome): EpochIncome {
  const proofs = new Map(left.proofs)
  for (const [customer, { count, wei }] of right.proofs) {
    const before = proofs.get(customer) ?? { count: 0, wei: 0n }
    proofs.set(customer, { count: before.count + count, wei: before.wei + wei })
  }
  return {
    earnedWei: left.earnedWei + right.earnedWei,
    voucherWei: left.voucherWei + right.voucherWei,
    repairWei: left.repairWei + right.repairWei,
    renderWei: left.renderWei + right.renderWei,
    energyWei: left.energyWei + right.energyWei,
    rewardWei: left.rewardWei + right.rewardWei,
    burnedWei: left.burnedWei + right.burnedWei,
    proofs,
  }
}

/** Adds what came in for one role. */
export function addIncome(to: Income, role: RoleName, byNode: ReadonlyMap<string, bigint>, proof: boolean): void {
  if (proof) to.proofs++
  for (const [node, wei] of byNode) {
    to.earnedWei += wei
    addTo(to.byRole, role, wei)
    addTo(to.byNode, node, wei)
  }
}

export function addTo<K>(map: Map<K, bigint>, key: K, wei: bigint): void {
  map.set(key, (map.get(key) ?? 0n) + wei)
}

function addWorkOfEpoch(epoch: EpochIncome, row: BookRow): void {
  epoch.earnedWei += row.amountWei
  epoch.burnedWei += row.burnedWei
  switch (row.work!) {
    case 'voucher':
      epoch.voucherWei += row.amountWei
      return
    case 'repair':
      epoch.repairWei += row.amountWei
      return
    case 'renderUnit':
      epoch.renderWei += row.amountWei
      return
    case 'energyDay':
      epoch.energyWei += row.amountWei
      return
    case 'storageProof': {
      const before = epoch.proofs.get(row.customer ?? '') ?? { count: 0, wei: 0n }
      epoch.proofs.set(row.customer ?? '', { count: before.count + 1, wei: before.wei + row.amountWei })
    }
  }
}
