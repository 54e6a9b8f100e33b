import type { NetworkFile } from '../network-file.ts'
import { conditions, contractLine, opening, type SentenceTerms, tokens } from './parts.ts'

/** Roles whose markets take stake. */
export type StakedRole = 'storage' | 'render' | 'energy'

/** `operator` is he whose stake it is; `role` names the market, storage unless it is given. */
export type StakeSentence = SentenceTerms & {
  readonly micro: bigint
  readonly operator: string
  readonly role?: StakedRole
}

/** The market that holds the stake of a role. */
export function marketOfRole(network: NetworkFile, role: StakedRole): string {
  const { StorageMarket, RenderMarket, EnergyMarket } = network.contracts
  return { storage: StorageMarket, render: RenderMarket, energy: EnergyMarket }[role]
}

/** Text by which an operator moves `micro` millionths of a token from what he earned into stake. At most 240 bytes. */
export function composeStakeSentence(network: NetworkFile, sentence: StakeSentence): string {
  return composeStaking(network, 'stake', `for ${sentence.role ?? 'storage'} by`, network.contracts.Payments, sentence)
}

/** Text by which an operator asks `micro` millionths of a token back from his stake. At most 240 bytes. */
export function composeUnstakeSentence(network: NetworkFile, sentence: StakeSentence): string {
  return composeStaking(
    network,
    'unstake',
    `from ${sentence.role ?? 'storage'} by`,
    network.contracts.Registry,
    sentence,
  )
}

function composeStaking(
  network: NetworkFile,
  verb: string,
  market: string,
  contract: string,
  sentence: StakeSentence,
): string {
  return [
    ...opening(network, verb),
    tokens(network, sentence.micro),
    market,
    sentence.operator.toLowerCase(),
    ...conditions(network, sentence),
    contractLine(contract),
  ].join('\n')
}
