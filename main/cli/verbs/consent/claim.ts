import { microTokens, readOperatorEarnings } from '../../../../contracts/client/index.ts'
import { ConsentRefusedError } from '../../../earnings/index.ts'
import { formatWei } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb, VerbContext, VerbValues } from '../verb.ts'
import { askConsent } from './ask-consent.ts'
import { ledgerOptions, ledgerUsage } from './ledger-option.ts'
import { readAmount } from './read-words.ts'
import { withOperator, type Operator } from './with-operator.ts'

/** `hearth claim`: pays out what was earned, fees and rewards of all roles by one sentence. */
export const claim: Verb = {
  name: 'claim',
  summary: 'pay out what you earned, by one sentence on the device',
  usage: [`claim [AMOUNT | --all] ${ledgerUsage}`],
  options: { ...ledgerOptions, all: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    const wanted = readWanted(values, positionals)
    await withOperator(context, values, (operated) => pay(context, operated, wanted))
  },
}

/** Null: all there is. */
function readWanted(values: VerbValues, [text, ...more]: readonly string[]): bigint | null {
  if (more.length > 0) throw new UsageError('`hearth claim` takes one amount.')
  if (text === undefined) return null
  if (values['all'] === true) throw new UsageError('Name an amount or --all, not both.')
  return readAmount(text)
}

async function pay(context: VerbContext, operated: Operator, wanted: bigint | null): Promise<void> {
  const { chain, operator } = operated
  const { symbol } = chain.network
  const micro = wanted ?? microTokens((await readOperatorEarnings(chain, operator)).claimableWei)
  if (micro === 0n) {
    throw new ConsentRefusedError('NOTHING_TO_CLAIM', 'There is nothing to claim yet.', {
      action: 'See what is on its way with `hearth earnings`.',
    })
  }
  const given = await askConsent(context, operated, { kind: 'claim', micro: micro.toString() })
  const { claimableWei } = await readOperatorEarnings(chain, operator)
  const amountWei = micro * 10n ** 12n
  context.output.result({ ...given, amountWei, claimableWei }, () => [
    `Paid ${formatWei(amountWei, symbol)} to ${given.to}.`,
    `Left to claim: ${formatWei(claimableWei, symbol)}.`,
  ])
}
