import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readTiming } from '../../../contracts/client/index.ts'
import { silentLog } from '../../../roles/api/values.ts'
import type { CustomerContext } from '../../../roles/storage/customer/context.ts'
import { repairByTicket, type TicketOutcome } from '../../../roles/storage/customer/repair-by-ticket.ts'
import { openTicket } from '../../../roles/storage/customer/repair-ticket-file.ts'
import { enrol, openCustomer } from '../../practice/index.ts'
import { formatWei } from '../output/format.ts'
import { oneLine } from '../output/one-line.ts'
import { joinNetwork, requireChain } from './join-network.ts'
import { requireFile } from './store/files.ts'
import { UsageError } from './usage-error.ts'
import type { Verb, VerbContext } from './verb.ts'

/** Looks per proving period: a loss shows once in a period, and a proof that pays the fee as well. */
const looksPerPeriod = 4

/** `hearth repair`: looks after files of customers who have named this home's storage node. */
export const repairTickets: Verb = {
  name: 'repair',
  summary: "repair other people's files for a fee, with the tickets they gave you",
  usage: ['repair TICKET... [--watch]'],
  options: { watch: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    if (positionals.length === 0 || positionals.includes('')) throw new UsageError('Name one ticket or more.')
    const paths = positionals.map((path) => resolve(path))
    for (const path of paths) await requireFile(path)
    await withRepairer(context, async (repairer) => {
      if (values['watch'] !== true) return lookOnce(context, repairer, paths)
      const { provingPeriodSeconds } = await readTiming(repairer.chain)
      while (!context.signal.aborted) {
        await lookOnce(context, repairer, paths, { goOn: true })
        const pauseMs = (provingPeriodSeconds * 1000) / looksPerPeriod
        await wait(pauseMs, undefined, { signal: context.signal }).catch(() => {})
      }
    })
  },
}

async function lookOnce(
  context: VerbContext,
  repairer: CustomerContext,
  paths: readonly string[],
  options: { readonly goOn?: boolean } = {},
): Promise<void> {
  const { output, signal } = context
  for (const path of paths) {
    try {
      const ticket = openTicket(await readFile(path), repairer.wallet.privateKey)
      const bar = output.progress('Repairing')
      const outcome = await repairByTicket(repairer, ticket, {
        signal,
        onProgress: (label, done, total) => bar.update({ label, done, total, unit: 'bytes' }),
      }).finally(() => bar.end())
      output.result({ ticket: path, ...outcome }, () => [describe(path, outcome, repairer.chain.network.symbol)])
    } catch (error) {
      if (options.goOn !== true || signal.aborted) throw error
      output.note(`${path}: ${oneLine(error instanceof Error ? error.message : String(error))}`)
    }
  }
}

function describe(path: string, outcome: TicketOutcome, symbol: string): string {
  const fees = outcome.feesSettled.length > 0 ? ` Fees were paid for ${outcome.feesSettled.length} homes.` : ''
  switch (outcome.kind) {
    case 'nothingDue':
      return `${path}: nothing is due, ${outcome.healthy} pieces of the worst segment are proven.${fees}`
    case 'waiting':
      return `${path}: a repair is due, but it must wait: for the chain to say that the last period was missed, for the next period's budget, or for a home that takes pieces.${fees}`
    case 'repaired':
      return `${path}: moved ${outcome.piecesMoved} pieces to ${outcome.nodes.length} homes; ${formatWei(outcome.budgetLeftWei, symbol)} are left of the budget.${fees}`
  }
}

/** Opens the home's storage node as one who fetches, places and signs repairs; funded where the network is practice. */
async function withRepairer(context: VerbContext, use: (repairer: CustomerContext) => Promise<void>): Promise<void> {
  const { signal } = context
  const network = await joinNetwork(context)
  await requireChain(network, signal)
  const home = context.home()
  const { privateKeyHex, address } = await home.keys.ensureKey('storage')
  const dataDirectory = join(home.stateDirectory(), 'repairer')
  const opened = await openCustomer({ network, privateKeyHex, dataDirectory, log: silentLog, signal })
  try {
    if (network.practice) await enrol(opened.context.chain, { customer: address })
    await use(opened.context)
  } finally {
    await opened.close()
  }
}
