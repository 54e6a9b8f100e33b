import { readNode } from '../../../../contracts/client/index.ts'
import { roleNames } from '../../../../roles/api/roles.ts'
import { sameAddress } from '../../../../roles/api/values.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb, VerbContext } from '../verb.ts'
import { askConsent } from './ask-consent.ts'
import { ledgerOptions, ledgerUsage } from './ledger-option.ts'
import { withOperator, type Operator } from './with-operator.ts'

/** `hearth authorize`: lets this home's keys work for the operator; whatever they earn can only go to him. */
export const authorize: Verb = {
  name: 'authorize',
  summary: "let this home's keys work for your device's account",
  usage: [`authorize ${ledgerUsage}`],
  options: ledgerOptions,
  async run(context, { values, positionals }) {
    if (positionals.length > 0) throw new UsageError('`hearth authorize` takes no words.')
    await withOperator(context, values, (operated) => bind(context, operated))
  },
}

async function bind(context: VerbContext, operated: Operator): Promise<void> {
  const { chain, operator, roleKeys } = operated
  const nodes = roleNames.map((role) => ({ role, node: roleKeys[role].address }))
  const entry = await readNode(chain, roleKeys.storage.address)
  if (entry !== null && !entry.revoked && sameAddress(entry.operator, operator)) {
    const result = { kind: 'authorize', operator, nodes, alreadyBound: true, transactionHash: null }
    return context.output.result(result, () => [`This home already works for ${operator}.`])
  }
  const given = await askConsent(context, operated, { kind: 'authorize' })
  context.output.result({ ...given, nodes, alreadyBound: false }, () => [
    `This home now works for ${operator}.`,
    ...nodes.map(({ role, node }) => `  ${role.padEnd(9)} ${node}`),
  ])
}
