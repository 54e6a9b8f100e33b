import { readTokenBalance } from '../../../../contracts/client/index.ts'
import { formatWei } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb } from '../verb.ts'
import { askConsent } from './ask-consent.ts'
import { ledgerOptions, ledgerUsage } from './ledger-option.ts'
import { readAccount, readAmount } from './read-words.ts'
import { withOperator } from './with-operator.ts'

/** `hearth transfer`: moves tokens of the operator's own account; the gas account pays the fee. */
export const transfer: Verb = {
  name: 'transfer',
  summary: "send tokens of the operator's account, by a sentence on the device",
  usage: [`transfer TO AMOUNT ${ledgerUsage}`],
  options: ledgerOptions,
  async run(context, { values, positionals }) {
    const [account, amount, ...more] = positionals
    if (account === undefined || amount === undefined || more.length > 0) {
      throw new UsageError('Say to whom and how much: `hearth transfer TO AMOUNT`.')
    }
    const [to, micro] = [readAccount(account), readAmount(amount)]
    await withOperator(context, values, async (operated) => {
      const { chain, operator } = operated
      const given = await askConsent(context, operated, { kind: 'transfer', to, micro: micro.toString() })
      const balanceWei = await readTokenBalance(chain, operator)
      const amountWei = micro * 10n ** 12n
      context.output.result({ ...given, amountWei, balanceWei }, () => [
        `Sent ${formatWei(amountWei, chain.network.symbol)} to ${to}.`,
        `Left: ${formatWei(balanceWei, chain.network.symbol)}.`,
      ])
    })
  },
}
