import { readStake, type Stake } from '../../../contracts/client/index.ts'
import { withdrawStake } from '../../earnings/index.ts'
import { formatWei } from '../output/format.ts'
import { askConsent } from './consent/ask-consent.ts'
import { ledgerOptions, ledgerUsage, refuseTransaction } from './consent/ledger-option.ts'
import { readAmount } from './consent/read-words.ts'
import { withOperator, type Operator } from './consent/with-operator.ts'
import { UsageError } from './usage-error.ts'
import type { Verb, VerbContext } from './verb.ts'

/** `hearth stake`: puts a part of what was earned behind the storage work, by the operator's sentence. */
export const stake: Verb = {
  name: 'stake',
  summary: 'put earned tokens behind your storage work',
  usage: [`stake AMOUNT ${ledgerUsage}`],
  options: ledgerOptions,
  async run(context, { values, positionals }) {
    const micro = onlyAmount(positionals, 'stake')
    await withOperator(context, values, (operated) => move(context, operated, 'stake', micro))
  },
}

/** `hearth unstake`: asks stake back by the operator's sentence, or fetches what has waited long enough. */
export const unstake: Verb = {
  name: 'unstake',
  summary: 'ask stake back; it waits a while and is then paid out',
  usage: [`unstake AMOUNT ${ledgerUsage}`, 'unstake --withdraw'],
  options: { ...ledgerOptions, withdraw: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    if (values['withdraw'] === true) {
      if (positionals.length > 0) throw new UsageError('`hearth unstake --withdraw` takes no amount.')
      refuseTransaction(values, 'unstake --withdraw')
      return withOperator(context, values, (operated) => fetchBack(context, operated))
    }
    const micro = onlyAmount(positionals, 'unstake')
    await withOperator(context, values, (operated) => move(context, operated, 'unstake', micro))
  },
}

function onlyAmount([text, ...more]: readonly string[], verb: string): bigint {
  if (text === undefined || more.length > 0) throw new UsageError(`Say how much: \`hearth ${verb} AMOUNT\`.`)
  return readAmount(text)
}

async function move(context: VerbContext, operated: Operator, kind: 'stake' | 'unstake', micro: bigint): Promise<void> {
  const { chain, operator } = operated
  const { symbol } = chain.network
  const given = await askConsent(context, operated, { kind, micro: micro.toString() })
  const after = await readStake(chain, operator)
  const amountWei = micro * 10n ** 12n
  context.output.result({ ...given, amountWei, ...viewOf(after) }, () => [
    `${kind === 'stake' ? 'Staked' : 'Asked back'} ${formatWei(amountWei, symbol)}.`,
    ...describe(after, symbol),
  ])
}

async function fetchBack({ output, signal }: VerbContext, { chain, sender, operator }: Operator): Promise<void> {
  const before = await readStake(chain, operator)
  const { transactionHash } = await withdrawStake({ chain, operator, sender, signal })
  const after = await readStake(chain, operator)
  const amountWei = before.stakedWei - after.stakedWei
  const { symbol } = chain.network
  output.result({ kind: 'withdraw', amountWei, operator, transactionHash, ...viewOf(after) }, () => [
    `${formatWei(amountWei, symbol)} came back to the operator.`,
    ...describe(after, symbol),
  ])
}

function viewOf({ stakedWei, unbondingWei, unbondingEndsAtSeconds, openSets }: Stake) {
  const unbondingEndsAtMs = unbondingEndsAtSeconds === null ? null : unbondingEndsAtSeconds * 1000
  return { provisionWei: stakedWei, unbondingWei, unbondingEndsAtMs, openSets }
}

function describe(now: Stake, symbol: string): string[] {
  const lines = [`Behind your storage work: ${formatWei(now.stakedWei, symbol)}.`]
  if (now.unbondingEndsAtSeconds === null) return lines
  const until = new Date(now.unbondingEndsAtSeconds * 1000).toISOString()
  return [...lines, `On its way back: ${formatWei(now.unbondingWei, symbol)}, from ${until}; until then faults count.`]
}
