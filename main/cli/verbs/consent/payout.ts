import { readPayout, type Payout } from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../../roles/api/values.ts'
import { confirmedNow, finishPayout, isPayoutStrange } from '../../../earnings/index.ts'
import { confirmedPayoutOf, withConfirmedPayout } from '../../../store/index.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb, VerbContext, VerbValues } from '../verb.ts'
import { askConsent, noteFee } from './ask-consent.ts'
import { ledgerOptions, ledgerUsage, refuseTransaction } from './ledger-option.ts'
import { readAccount } from './read-words.ts'
import { withOperator, type Operator } from './with-operator.ts'

/** `hearth payout`: where claims go; changes it, cancels a change, or finishes one whose time has come. */
export const payout: Verb = {
  name: 'payout',
  summary: 'say where claims go, or change it by a sentence on the device',
  usage: ['payout', `payout TO ${ledgerUsage}`, `payout --cancel ${ledgerUsage}`, 'payout --finish'],
  options: { ...ledgerOptions, cancel: { type: 'boolean' }, finish: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    const wanted = readWanted(values, positionals)
    if (wanted.kind === 'show' || wanted.kind === 'finish') refuseTransaction(values, 'payout')
    await withOperator(context, values, (operated) => carry(context, operated, wanted))
  },
}

type Wanted = { readonly kind: 'show' | 'cancel' | 'finish' } | { readonly kind: 'change'; readonly to: string }

function readWanted(values: VerbValues, [account, ...more]: readonly string[]): Wanted {
  const flags = (['cancel', 'finish'] as const).filter((name) => values[name] === true)
  if (more.length > 0 || flags.length + (account === undefined ? 0 : 1) > 1) {
    throw new UsageError('`hearth payout` takes one account, --cancel or --finish.')
  }
  if (account !== undefined) return { kind: 'change', to: readAccount(account) }
  return { kind: flags[0] ?? 'show' }
}

async function carry(context: VerbContext, operated: Operator, wanted: Wanted): Promise<void> {
  switch (wanted.kind) {
    case 'show':
      return show(context, operated, {})
    case 'change':
      return show(context, operated, { ...(await askConsent(context, operated, { kind: 'payout', to: wanted.to })) })
    case 'cancel':
      return show(context, operated, { ...(await askConsent(context, operated, { kind: 'cancelPayout' })) })
    case 'finish':
      return show(context, operated, await finish(context, operated))
  }
}

async function finish({ signal }: VerbContext, operated: Operator) {
  const { chain, operator, sender, wallet } = operated
  const confirmed = confirmedPayoutOf(await wallet.read(), operator)
  const present = await readPayout(chain, operator, { signal })
  const spent = await finishPayout({ chain, operator, payout: present, confirmed, sender, signal })
  noteFee(operated, 'finishPayout', spent)
  return { kind: 'finishPayout', operator, ...spent }
}

/** Where claims go after whatever was done; what the device confirmed follows the chain. */
async function show({ output, signal }: VerbContext, operated: Operator, done: object): Promise<void> {
  const { chain, operator, wallet } = operated
  const present = await readPayout(chain, operator, { signal })
  const record = await wallet.update((before) =>
    withConfirmedPayout(before, operator, confirmedNow(confirmedPayoutOf(before, operator), present)),
  )
  const confirmed = confirmedPayoutOf(record, operator)
  const differs = isPayoutStrange(present.to, operator, confirmed)
  const pending =
    present.change === null
      ? null
      : { to: present.change.address, effectiveAtMs: present.change.effectiveAtSeconds * 1000 }
  const result = { operator, payout: present.to, confirmed: confirmed.current, differs, pending, ...done }
  output.result(result, () => describe(operator, present, differs))
}

function describe(operator: string, { to, change }: Payout, differs: boolean): string[] {
  const own = sameAddress(to, operator) ? " (the operator's own account)" : ''
  const lines = [`Claims go to ${to}${own}.`]
  if (differs)
    lines.push('WARNING: no device of this computer has confirmed that account. Claim nothing until you know why.')
  if (change === null) return lines
  const from = new Date(change.effectiveAtSeconds * 1000).toISOString()
  return [...lines, `From ${from} on they can go to ${change.address}; until then \`hearth payout --cancel\` stops it.`]
}
