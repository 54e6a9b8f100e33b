import { Wallet } from 'ethers'
import {
  createTransactionSender,
  openChain,
  parseMicro,
  readStake,
  type Chain,
  type NetworkFile,
  type Stake,
} from '../../../contracts/client/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { silentLog } from '../../../roles/api/values.ts'
import { moveStake, withdrawStake } from '../../earnings/index.ts'
import { enrol } from '../../practice/index.ts'
import type { Home } from '../../store/index.ts'
import { practiceOperatorSigner } from '../../wallet/index.ts'
import { formatWei } from '../output/format.ts'
import { joinNetwork, practiceAccounts, requireChain } from './join-network.ts'
import { UsageError } from './usage-error.ts'
import type { Verb, VerbContext } from './verb.ts'

/** This version has the operator's key on practice networks only. */
export class NoHardwareWalletError extends HearthError {}

/** `hearth stake`: puts a part of what was earned behind the storage work, by the operator's sentence. */
export const stake: Verb = {
  name: 'stake',
  summary: 'put earned tokens behind your storage work',
  usage: ['stake AMOUNT'],
  options: {},
  async run(context, { positionals }) {
    const micro = readAmount(positionals, 'stake')
    await withOperator(context, (operator) => move(context, operator, 'stake', micro))
  },
}

/** `hearth unstake`: asks stake back by the operator's sentence, or fetches what has waited long enough. */
export const unstake: Verb = {
  name: 'unstake',
  summary: 'ask stake back; it waits a while and is then paid out',
  usage: ['unstake AMOUNT', 'unstake --withdraw'],
  options: { withdraw: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    if (values['withdraw'] === true) {
      if (positionals.length > 0) throw new UsageError('`hearth unstake --withdraw` takes no amount.')
      return withOperator(context, (operator) => fetchBack(context, operator))
    }
    const micro = readAmount(positionals, 'unstake')
    await withOperator(context, (operator) => move(context, operator, 'unstake', micro))
  },
}

/** A practice operator with its chain and the gas account that pays. */
type Operator = {
  readonly chain: Chain
  readonly network: NetworkFile
  readonly device: ReturnType<typeof practiceOperatorSigner>
  readonly address: string
  readonly sender: ReturnType<typeof createTransactionSender>
}

function readAmount(positionals: readonly string[], verb: string): bigint {
  const [text, ...more] = positionals
  if (text === undefined || more.length > 0) throw new UsageError(`Say how much: \`hearth ${verb} AMOUNT\`.`)
  const micro = parseMicro(text)
  if (micro !== null && micro > 0n) return micro
  throw new UsageError(`"${text}" is no amount.`, 'Write tokens with at most six decimals, such as 12.5.')
}

async function withOperator(context: VerbContext, use: (operator: Operator) => Promise<void>): Promise<void> {
  const network = await joinNetwork(context)
  if (!network.practice) {
    throw new NoHardwareWalletError('NO_HARDWARE_WALLET', `The network "${network.name}" needs a hardware wallet.`, {
      action: 'This version of Hearth works on the practice network only.',
    })
  }
  await requireChain(network, context.signal)
  const chain = openChain(network)
  try {
    await use(await openOperator(context.home(), chain))
  } finally {
    chain.close()
  }
}

async function openOperator(home: Home, chain: Chain): Promise<Operator> {
  const { address } = await home.keys.ensureKey('operator')
  await enrol(chain, { ...(await practiceAccounts(home)), operator: address })
  const gas = await home.keys.ensureKey('gas')
  const sender = createTransactionSender(chain, new Wallet(gas.privateKeyHex, chain.provider))
  return { chain, network: chain.network, device: practiceOperatorSigner(home, silentLog), address, sender }
}

async function move(
  { output, signal }: VerbContext,
  { chain, device, sender, network }: Operator,
  kind: 'stake' | 'unstake',
  micro: bigint,
): Promise<void> {
  try {
    const onReview = (text: string) => {
      output.note('The operator signs:')
      for (const line of text.split('\n')) output.note(line)
    }
    const done = await moveStake({ chain, device, sender, kind, micro, onReview, signal })
    const after = await readStake(chain, done.operator)
    const amountWei = micro * 10n ** 12n
    const result = { kind, amountWei, ...done, ...viewOf(after) }
    output.result(result, () => [
      `${kind === 'stake' ? 'Staked' : 'Asked back'} ${formatWei(amountWei, network.symbol)}.`,
      ...describe(after, network.symbol),
    ])
  } finally {
    sender.close()
  }
}

async function fetchBack(
  { output, signal }: VerbContext,
  { chain, sender, network, address }: Operator,
): Promise<void> {
  try {
    const before = await readStake(chain, address)
    const { transactionHash } = await withdrawStake({ chain, operator: address, sender, signal })
    const after = await readStake(chain, address)
    const amountWei = before.stakedWei - after.stakedWei
    output.result({ kind: 'withdraw', amountWei, operator: address, transactionHash, ...viewOf(after) }, () => [
      `${formatWei(amountWei, network.symbol)} came back to the operator.`,
      ...describe(after, network.symbol),
    ])
  } finally {
    sender.close()
  }
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
