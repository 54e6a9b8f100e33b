import { roleNameSchema, roleNames } from '../../../../roles/api/roles.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb } from '../verb.ts'
import { askConsent } from './ask-consent.ts'
import { ledgerOptions, ledgerUsage } from './ledger-option.ts'
import { withOperator } from './with-operator.ts'

/** `hearth revoke`: ends one key of this home for ever. */
export const revoke: Verb = {
  name: 'revoke',
  summary: 'end a key of this home for ever; what it earned stays yours',
  usage: [`revoke ROLE ${ledgerUsage}`],
  options: ledgerOptions,
  async run(context, { values, positionals }) {
    const [word, ...more] = positionals
    if (word === undefined || more.length > 0) throw new UsageError('Name one role: `hearth revoke ROLE`.')
    // All five keys are bound at once, so each can be revoked, whether or not its role runs in this version.
    const { data: role } = roleNameSchema.safeParse(word)
    if (role === undefined) throw new UsageError(`A role is one of ${roleNames.join(', ')}, not "${word}".`)
    await withOperator(context, values, async (operated) => {
      const node = operated.roleKeys[role].address
      const given = await askConsent(context, operated, { kind: 'revoke', role })
      context.output.result({ ...given, role, node }, () => [`The ${role} key ${node} is revoked for ever.`])
    })
  },
}
