import { dataSlice, keccak256, solidityPacked } from 'ethers'
import type { NetworkFile } from '../network-file.ts'
import { type ChainRoleName, chainRoleNames } from '../roles.ts'
import { conditions, contractLine, opening, type SentenceTerms, tokens } from './parts.ts'

export type SentenceNode = { readonly node: string; readonly role: ChainRoleName }

export type AuthorizeSentence = SentenceTerms & {
  /** In rising order of roles, one per role, as the call carries them. */
  readonly nodes: readonly SentenceNode[]
  readonly riskMicro: bigint
  readonly spendPerDayMicro: bigint
}

/** Text by which an operator authorizes one machine's keys; at most 320 bytes. What it may lose comes before the code. */
export function composeAuthorizeSentence(network: NetworkFile, sentence: AuthorizeSentence): string {
  requireRisingRoles(sentence.nodes)
  return [
    ...opening(network, 'authorize'),
    `May risk ${tokens(network, sentence.riskMicro)}`,
    `May spend ${tokens(network, sentence.spendPerDayMicro)} a day`,
    `as ${sentence.nodes.map(({ role }) => role).join(', ')}`,
    `Keys ${sentence.nodes.length}, code ${authorizeCode(sentence.nodes)}`,
    ...conditions(network, sentence),
    contractLine(network.contracts.Registry),
  ].join('\n')
}

/** The 32 hex digits that stand for all keys and roles: the app shows the same (PROTOCOL 1.7). */
export function authorizeCode(nodes: readonly SentenceNode[]): string {
  const packed = nodes.map(({ node, role }) =>
    solidityPacked(['uint8', 'address'], [chainRoleNames.indexOf(role), node]),
  )
  return dataSlice(keccak256(`0x${packed.map((part) => part.slice(2)).join('')}`), 0, 16).slice(2)
}

function requireRisingRoles(nodes: readonly SentenceNode[]): void {
  const numbers = nodes.map(({ role }) => chainRoleNames.indexOf(role))
  const rising = numbers.every((number, index) => index === 0 || number > numbers[index - 1]!)
  if (nodes.length === 0 || !rising) throw new RangeError('Nodes must be in rising order of roles, one per role.')
}
