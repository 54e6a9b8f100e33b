import { weiPerGwei } from './emission.ts'

/** What one `Earned` event says, with the epoch of its block. In chain order wherever several stand together. */
export type Payment = {
  readonly operator: string
  /** Number on chain. */
  readonly role: number
  readonly epoch: number
  readonly burnedWei: bigint
}

/** Fee that one operator's work in one role burned in one epoch, in whole gwei of his running sum. */
export type Weight = {
  readonly operator: string
  readonly role: number
  readonly epoch: number
  readonly weightGwei: bigint
}

/**
 * Adds up payments to weights, in the order of their first payment. Whole gwei are taken from each operator's running sum
 * since the deployment, so that dust is neither lost nor counted twice: give all payments, or those of one operator from
 * his first on. For histories of all epochs that fit in memory; `addUpEpoch` takes millions, of one epoch.
 */
export function weighPayments(payments: Iterable<Payment>): readonly Weight[] {
  const burnedByAccount = new Map<string, bigint>()
  const weights = new Map<string, { operator: string; role: number; epoch: number; weightGwei: bigint }>()
  for (const { operator, role, epoch, burnedWei } of payments) {
    const account = `${operator} ${role}`
    const before = burnedByAccount.get(account) ?? 0n
    const after = before + burnedWei
    burnedByAccount.set(account, after)
    const key = `${account} ${epoch}`
    const weight = weights.get(key) ?? { operator, role, epoch, weightGwei: 0n }
    weight.weightGwei += after / weiPerGwei - before / weiPerGwei
    weights.set(key, weight)
  }
  return [...weights.values()]
}
