import { encodeSetTerms, readNode, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { Prices } from './prices.ts'

/** Puts this node's prices on chain when it is bound and they differ. True when nothing is left to do. */
export async function publishTerms(
  chain: Chain,
  context: Pick<RoleContext, 'start' | 'sign' | 'submit' | 'log'>,
  prices: Prices,
  signal: AbortSignal,
): Promise<boolean> {
  const { node } = context.start
  const entry = await readNode(chain, node)
  if (entry === null || entry.revoked) return false
  const { terms } = entry
  const same =
    terms !== null &&
    terms.pricePerGiBPeriodWei === prices.pricePerGiBPeriodWei &&
    terms.retrievalPricePerMiBWei === prices.retrievalPricePerMiBWei &&
    terms.minimumBytesPerSecond === prices.minimumBytesPerSecond
  if (same) return true
  const sequence = (terms?.sequence ?? 0) + 1
  const signature = await context.sign(
    {
      kind: 'priceTerms',
      pricePerGiBPeriodWei: prices.pricePerGiBPeriodWei.toString(),
      retrievalPricePerMiBWei: prices.retrievalPricePerMiBWei.toString(),
      minimumBytesPerSecond: prices.minimumBytesPerSecond,
      sequence,
    },
    { signal },
  )
  const call = encodeSetTerms(chain.network, { terms: { node, ...prices, sequence }, signature })
  await context.submit({ purpose: 'priceTerms', to: call.to, data: call.data }, { signal })
  context.log.info('Prices are on chain.', { sequence })
  return true
}
