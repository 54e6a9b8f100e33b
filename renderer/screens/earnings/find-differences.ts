import type { LedgerPage } from '../../state/snapshot.ts'

type Sums = LedgerPage['sums']

/** One sum on which list and contract disagree, to the last digit: rounding would hide small ones. */
export type Difference = {
  readonly name: 'earned' | 'claimed' | 'moved'
  readonly list: string
  readonly network: string
}

/** All sums on which the list of payments and the contract disagree. */
export function differences(sums: Sums): readonly Difference[] {
  const all: readonly Difference[] = [
    { name: 'earned', list: sums.earnedWei, network: sums.contractEarnedWei },
    { name: 'claimed', list: sums.claimedWei, network: sums.contractClaimedWei },
    { name: 'moved', list: sums.movedToStakeWei, network: sums.contractMovedToStakeWei },
  ]
  return all
    .filter(({ list, network }) => list !== network)
    .map(({ name, list, network }) => ({ name, list: exactTokens(list), network: exactTokens(network) }))
}

/** An amount with all its eighteen digits, without zeros at the end. */
export function exactTokens(wei: string): string {
  const sign = wei.startsWith('-') ? '-' : ''
  const digits = wei.replace('-', '').padStart(19, '0')
  const rest = digits.slice(-18).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -18)}${rest === '' ? '' : `.${rest}`}`
}
