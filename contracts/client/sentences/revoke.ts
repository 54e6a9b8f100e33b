import type { NetworkFile } from '../network-file.ts'
import { contractLine, opening } from './parts.ts'

/** Text by which an operator ends a key for ever; it has no number and no deadline (PROTOCOL 1.4). */
export function composeRevokeSentence(network: NetworkFile, sentence: { readonly node: string }): string {
  return [
    ...opening(network, 'revoke'),
    'for ever this key',
    sentence.node.toLowerCase(),
    `Chain ${network.chainId}`,
    contractLine(network.contracts.Registry),
  ].join('\n')
}
