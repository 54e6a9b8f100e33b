import { shouldDrop } from '../protocol/reputation.ts'
import type { CustomerContext } from './context.ts'
import { openProviderBook } from './provider-book.ts'

/** Nobody is shut out for ever: after so long a refusal is forgotten. */
const rememberedSeconds = 30 * 24 * 3600

/**
 * Tells of a node whether it refused downloads that this customer was ready to pay for and served nothing since: its pieces
 * go elsewhere and it gets no new ones (PROTOCOL 5.6). From the customer's own book; asks nobody.
 */
export function readUnwanted(
  context: Pick<CustomerContext, 'dataDirectory'>,
  nodes: readonly string[],
): (node: string) => boolean {
  const book = openProviderBook(context.dataDirectory)
  try {
    const low = (node: string): string => node.toLowerCase()
    const sinceSeconds = Math.floor(Date.now() / 1000) - rememberedSeconds
    const lately = (node: string) => book.retrievals(node).filter(({ atSeconds }) => atSeconds >= sinceSeconds)
    const unwanted = new Set([...new Set(nodes.map(low))].filter((node) => shouldDrop(lately(node))))
    return (node) => unwanted.has(low(node))
  } finally {
    book.close()
  }
}
