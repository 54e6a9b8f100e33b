import { forgetPut, listPuts } from '../../../../roles/storage/customer/list-puts.ts'
import { formatAgo, formatBytes, formatTable } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'

/** `hearth store puts`: unfinished puts of this home; `--forget ID` drops one. */
export async function puts(context: VerbContext, { forget }: { forget: string | null }): Promise<void> {
  const { output } = context
  await withCustomer(context, (customer) => {
    if (forget !== null) {
      if (!forgetPut(customer, forget)) throw new UsageError(`There is no unfinished put ${forget}.`)
      output.result({ forgotten: forget }, () => ['Forgotten. What was sent ends at its contributors by itself.'])
      return Promise.resolve()
    }
    const unfinished = listPuts(customer)
    output.result({ puts: unfinished }, () => {
      if (unfinished.length === 0) return ['No put was interrupted.']
      const rows = unfinished.map((put) => [
        ...[put.id, `${Math.floor(100 * put.share)} %`, formatBytes(put.bytes), formatAgo(put.begunAtSeconds)],
        ...[put.payingBegan ? 'yes' : 'no', put.paths.join(' ')],
      ])
      return [
        'The same `hearth store put` continues one of these; `--fresh` starts it anew.',
        '',
        ...formatTable(['ID', 'THERE', 'SIZE', 'BEGUN', 'PAYING', 'FILES'], rows),
      ]
    })
    return Promise.resolve()
  })
}
