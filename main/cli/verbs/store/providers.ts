import { hearReputations } from '../../../../roles/storage/customer/audit-providers.ts'
import { createMarket } from '../../../../roles/storage/customer/create-market.ts'
import { readReputations } from '../../../../roles/storage/customer/read-reputations.ts'
import { formatTable } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { explainScore } from './explain-score.ts'

/** `hearth store providers`: everybody who offers storage, the most reliable first, with the reasons. */
export async function listProviders(context: VerbContext): Promise<void> {
  const { output, signal } = context
  await withCustomer(context, async (customer) => {
    await hearReputations(customer, { signal })
    const market = await createMarket(customer)
    const judged = await readReputations(customer, market, await market.listProviders({ signal }), { signal })
    const providers = judged.toSorted((left, right) => right.score - left.score)
    output.result({ providers }, () => [
      'Everybody starts at 50. The points after the score say why it is higher or lower.',
      '',
      ...formatTable(
        ['NODE', 'SCORE', 'WHY'],
        providers.map((one) => [one.node, String(one.score), explainScore(one)]),
      ),
    ])
  })
}
