import { neutralScore } from '../protocol/reputation.ts'
import type { CustomerContext } from './context.ts'
import type { RegisteredProvider } from './find-providers.ts'
import type { Market } from './market.ts'
import { readReputations } from './read-reputations.ts'

/**
 * Scores by which the providers of a put or a repair are ranked. What cannot be read holds up nobody's file: then all count as
 * newcomers.
 */
export async function readScores(
  context: Pick<CustomerContext, 'chain' | 'dataDirectory' | 'log'>,
  market: Market,
  providers: readonly (RegisteredProvider & { readonly minimumBytesPerSecond?: number })[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<(node: string) => number> {
  const scores = new Map<string, number>()
  try {
    for (const { node, score } of await readReputations(context, market, providers, options))
      scores.set(node.toLowerCase(), score)
  } catch (error) {
    options.signal?.throwIfAborted()
    context.log.warn('Reputations could not be read; all providers count as equal.', { error: String(error) })
  }
  return (node) => scores.get(node.toLowerCase()) ?? neutralScore
}
