import type { LedgerPage } from '../../state/snapshot.ts'

type Sums = LedgerPage['sums']

export type DifferenceName = 'earned' | 'rewards' | 'claimed' | 'moved' | 'burned' | 'parts'

/** One sum on which list and contract disagree, to the last digit: rounding would hide small ones. */
export type Difference = {
  readonly name: DifferenceName
  readonly list: string
  readonly network: string
}

/** All sums on which the list of payments and the contract disagree. */
export function differences(sums: Sums): readonly Difference[] {
  const all: readonly Difference[] = [
    { name: 'earned', list: sums.earnedWei, network: sums.contractEarnedWei },
    { name: 'rewards', list: sums.rewardsWei, network: sums.contractRewardsWei },
    { name: 'claimed', list: sums.claimedWei, network: sums.contractClaimedWei },
    { name: 'moved', list: sums.movedToStakeWei, network: sums.contractMovedToStakeWei },
    { name: 'burned', list: sums.burnedWei, network: sums.contractBurnedWei },
    { name: 'parts', list: partsOf(sums), network: sums.contractEarnedWei },
  ]
  return all
    .filter(({ list, network }) => list !== network)
    .map(({ name, list, network }) => ({ name, list: exactTokens(list), network: exactTokens(network) }))
}

/** What the contract itself says was claimed, moved and is left: together all that it says was earned. */
function partsOf({ contractClaimedWei, contractMovedToStakeWei, contractClaimableWei }: Sums): string {
  return (BigInt(contractClaimedWei) + BigInt(contractMovedToStakeWei) + BigInt(contractClaimableWei)).toString()
}

/** An amount with all its eighteen digits, without zeros at the end. */
export function exactTokens(wei: string): string {
  const sign = wei.startsWith('-') ? '-' : ''
  const digits = wei.replace('-', '').padStart(19, '0')
  const rest = digits.slice(-18).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -18)}${rest === '' ? '' : `.${rest}`}`
}
