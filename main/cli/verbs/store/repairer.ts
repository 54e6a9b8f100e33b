import { dirname, resolve } from 'node:path'
import { parseMicro, listRepairNamings } from '../../../../contracts/client/index.ts'
import { writeFileAtomic } from '../../../../roles/persistence/index.ts'
import type { CustomerContext } from '../../../../roles/storage/customer/context.ts'
import { endRepairer, nameRepairer, takeBackBudgets } from '../../../../roles/storage/customer/name-repairer.ts'
import { handToNeighbour } from '../../../practice/index.ts'
import { formatDate, formatWei } from '../../output/format.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest, requireWritableFolder } from './files.ts'

const weiPerMicro = 10n ** 12n
const mostDays = 3_650

/** `hearth store repairer`: names who repairs a file while this computer is off, or ends that. */
export async function repairer(context: VerbContext, manifestPath: string, values: VerbValues): Promise<void> {
  if (values['end'] === true) {
    const others = ['name', 'budget', 'out', 'fee', 'until'].filter((name) => values[name] !== undefined)
    if (others.length > 0) throw new UsageError(`--end does not go with --${others[0]}.`)
    await readManifest(manifestPath)
    return withCustomer(context, (customer) => endAll(context, customer))
  }
  const node = textOption(values, 'name')
  const out = textOption(values, 'out')
  if (node === null || !/^0x[0-9a-fA-F]{40}$/.test(node)) {
    throw new UsageError('Name the node that repairs with --name, as `hearth store providers` shows it, or say --end.')
  }
  if (out === null || out === '') throw new UsageError('Name the ticket to write for the repairer with --out TICKET.')
  const fee = textOption(values, 'fee')
  const until = textOption(values, 'until')
  const options = {
    repairer: node,
    budgetWei: parseTokens(textOption(values, 'budget') ?? '', '--budget'),
    ...(fee === null ? {} : { feePerPieceWei: parseTokens(fee, '--fee') }),
    ...(until === null ? {} : { days: parseWholeNumber(until, '--until', { min: 1, max: mostDays }) }),
  }
  await nameOne(context, manifestPath, resolve(out), options)
}

async function nameOne(
  context: VerbContext,
  manifestPath: string,
  out: string,
  options: Omit<Parameters<typeof nameRepairer>[1], 'manifest'>,
): Promise<void> {
  const manifest = await readManifest(manifestPath)
  await requireWritableFolder(dirname(out))
  await withCustomer(context, async (customer) => {
    const { ticket, naming } = await nameRepairer(customer, { manifest, ...options })
    await writeFileAtomic(out, ticket, { mode: 0o600 })
    const handedOver = await handToNeighbour(context.home(), naming.repairer, ticket)
    const { symbol } = customer.chain.network
    context.output.result({ ticket: out, handedOver, ...naming }, () => [
      `${naming.repairer} repairs this file until ${formatDate(naming.endsAtSeconds)}, also while this computer is off.`,
      `Budget: ${formatWei(naming.budgetWei, symbol)}; per piece that is moved: ${formatWei(naming.terms.feePerPieceWei, symbol)}.`,
      handedOver
        ? `This neighbour of your practice network has its ticket already: it can rebuild pieces with it, but read nothing.`
        : `Give it the ticket ${out}: it can rebuild pieces with it, but read nothing.`,
    ])
  })
}

/** Ends every naming of this customer; budgets whose notice is over come back at once. */
async function endAll({ output }: VerbContext, customer: CustomerContext): Promise<void> {
  const { chain, wallet } = customer
  const returned = await takeBackBudgets(customer)
  const ending: (Awaited<ReturnType<typeof endRepairer>> & { readonly node: string })[] = []
  for (const { repairer: node } of await listRepairNamings(chain, wallet.address)) {
    ending.push({ node, ...(await endRepairer(customer, { repairer: node })) })
  }
  const { symbol } = chain.network
  output.result({ ending, returned }, () => {
    const lines = [
      ...returned.map(({ repairer: node, amountWei }) => `${formatWei(amountWei, symbol)} came back from ${node}.`),
      ...ending.map(
        ({ node, endsAtSeconds, budgetWei }) =>
          `${node} ends at ${formatDate(endsAtSeconds)}; say this again then, and ${formatWei(budgetWei, symbol)} come back.`,
      ),
    ]
    return lines.length > 0 ? lines : ['Nobody is named as a repairer.']
  })
}

function parseTokens(text: string, option: string): bigint {
  const micro = parseMicro(text)
  if (micro === null || micro === 0n)
    throw new UsageError(`${option} takes an amount of tokens such as 12.5, not "${text}".`)
  return micro * weiPerMicro
}
