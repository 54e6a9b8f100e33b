import type { MachineAllowance, SlashEvent, Stake, StorageEvent } from '../../contracts/client/index.ts'
import { freeFaults, slashDivisor, slashesPerWindow } from '../../contracts/script/parameters.ts'
import type { StakeView } from '../api/snapshot.ts'

/** A period that ended without a proof, as the market booked it. */
export type Fault = Extract<StorageEvent, { kind: 'fault' }>

/** Everything that a view of the stake is computed from, as of one moment. */
export type StakeFacts = {
  /** The storage key of this machine. */
  readonly node: string
  readonly stake: Stake
  /** What the sentence of this machine allows; null while it is not authorized. */
  readonly allowance: Pick<MachineAllowance, 'riskWei' | 'slashedWei'> | null
  /** Of this machine, in chain order. */
  readonly faults: readonly Fault[]
  /** Of the operator's other machines, as far as stake was taken for them: when they were and for whom. */
  readonly otherFaults: readonly Fault[]
  /** Of the operator, in chain order. */
  readonly slashes: readonly SlashEvent[]
  readonly currentPeriod: number
  readonly periodMs: number
  readonly windowPeriods: number
}

const takenShown = 10

/**
 * What is at risk, what the next missed proof would cost, and what was taken for what. Pure, by the rules of PROTOCOL 5.5 and
 * 3.1: of each customer's set two faults within the window are free; each further one takes a hundredth of the provision,
 * at most ten times in the window, and never more than the machine's sentence put at risk.
 */
export function viewStake(facts: StakeFacts): StakeView {
  const { stake, windowPeriods, periodMs } = facts
  const atRiskWei = smaller(stake.stakedWei, leftToRisk(facts))
  const faultsInWindow = mostOfOneCustomer(facts)
  return {
    provisionWei: stake.stakedWei.toString(),
    unbondingWei: stake.unbondingWei.toString(),
    unbondingEndsAtMs: stake.unbondingEndsAtSeconds === null ? null : stake.unbondingEndsAtSeconds * 1000,
    atRiskWei: atRiskWei.toString(),
    slashedWei: facts.slashes.reduce((sum, slash) => sum + slash.amountWei, 0n).toString(),
    faultsInWindow,
    nextFaultCostsWei: nextCost(facts, faultsInWindow).toString(),
    windowMs: windowPeriods * periodMs,
    openSets: stake.openSets,
    taken: facts.slashes
      .slice(-takenShown)
      .reverse()
      .map((slash) => takenOf(slash, facts)),
  }
}

function leftToRisk({ allowance }: StakeFacts): bigint {
  return allowance === null ? 0n : allowance.riskWei - allowance.slashedWei
}

/** Faults of the present period and of those so far back that the contract still counts them. */
function inWindow({ currentPeriod, windowPeriods }: StakeFacts, period: number): boolean {
  return period > currentPeriod - windowPeriods
}

function mostOfOneCustomer(facts: StakeFacts): number {
  const counts = new Map<string, number>()
  for (const { customer, period } of facts.faults) {
    if (inWindow(facts, period)) counts.set(customer, (counts.get(customer) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}

function nextCost(facts: StakeFacts, faultsInWindow: number): bigint {
  if (faultsInWindow < freeFaults) return 0n
  const recent = facts.slashes.filter((slash) => {
    const fault = faultOf(slash, facts)
    return fault !== null && inWindow(facts, fault.period)
  })
  if (recent.length >= slashesPerWindow) return 0n
  return smaller(facts.stake.stakedWei / slashDivisor, leftToRisk(facts))
}

/** The market books a fault right after the slash that it asked for, in the same transaction. */
function faultOf(slash: SlashEvent, { faults, otherFaults }: StakeFacts): Fault | null {
  const after = [...faults, ...otherFaults].filter(
    (fault) =>
      fault.transactionHash === slash.transactionHash && fault.node === slash.node && fault.logIndex > slash.logIndex,
  )
  return after[0] ?? null
}

function takenOf(slash: SlashEvent, facts: StakeFacts): StakeView['taken'][number] {
  const fault = faultOf(slash, facts)
  return {
    amountWei: slash.amountWei.toString(),
    missedAtMs: fault === null ? null : (fault.period + 1) * facts.periodMs,
    ...(facts.node === slash.node ? {} : { elsewhere: true }),
    customer: fault?.customer ?? null,
    transactionHash: slash.transactionHash,
  }
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
