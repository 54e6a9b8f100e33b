import { listDataSets, openChain, type Chain, type DataSetView } from '../../../contracts/client/index.ts'
import type { RoleName } from '../../../roles/api/roles.ts'
import { formatBytes, formatWei } from '../output/format.ts'
import { joinNetwork, requireChain } from './join-network.ts'
import { withIntent } from './role-intent.ts'
import { UsageError } from './usage-error.ts'
import type { VerbContext, VerbValues } from './verb.ts'

/** Bytes of a leaf, the unit in which the chain counts what a set holds. */
const leafBytes = 32

/** What leaving means now, as the chain has it. */
type Consequences = {
  readonly dataSets: number
  readonly pieces: number
  readonly bytes: number
  /** One period's pay of everything: what giving all up would cost besides a fault for each set. */
  readonly forfeitWei: bigint
}

/**
 * `hearth role leave`: says what leaving means, and with `--yes` writes the wish that the engine follows: everything that is held
 * goes to other homes. `--forfeit` agrees to give up what nobody takes; `--cancel` takes the wish back.
 */
export async function leaveRole(context: VerbContext, values: VerbValues, role: RoleName): Promise<void> {
  const home = context.home()
  const [cancel, yes, forfeitAgreed] = ['cancel', 'yes', 'forfeit'].map((name) => values[name] === true)
  if (cancel && (yes || forfeitAgreed)) throw new UsageError('`--cancel` goes with no other option.')
  if (cancel) {
    await home.settings.update((settings) => withIntent(settings, role, (intent) => ({ ...intent, leaving: null })))
    context.output.result({ role, leaving: null }, () => ['You stay. What was handed over stays there.'])
    return
  }
  const network = await joinNetwork(context)
  await requireChain(network, context.signal)
  const chain = openChain(network)
  try {
    const consequences = await readConsequences(chain, (await home.keys.ensureKey(role)).address)
    const leaving = yes ? { forfeitAgreed: forfeitAgreed === true } : null
    if (leaving !== null) {
      await home.settings.update((settings) => withIntent(settings, role, (intent) => ({ ...intent, leaving })))
    }
    const running = home.holder('engine') !== null
    context.output.result({ role, leaving, running, ...consequences }, () => [
      ...describe(consequences, network.symbol, forfeitAgreed === true),
      ...nextStep(leaving !== null, running),
    ])
  } finally {
    chain.close()
  }
}

async function readConsequences(chain: Chain, node: string): Promise<Consequences> {
  const sets = (await listDataSets(chain, { node })).filter((set) => set.state === 'active')
  const sum = (amount: (set: DataSetView) => number): number => sets.reduce((total, set) => total + amount(set), 0)
  return {
    dataSets: sets.length,
    pieces: sum((set) => set.pieceCount),
    bytes: sum((set) => set.leafCount * leafBytes),
    forfeitWei: sets.reduce((total, set) => total + set.pricePerPeriodWei, 0n),
  }
}

function describe({ dataSets, pieces, bytes, forfeitWei }: Consequences, symbol: string, forfeit: boolean): string[] {
  if (dataSets === 0) return ['Nothing is held for anybody; there is nothing to hand over.']
  return [
    `${pieces} pieces for ${dataSets} customers (${formatBytes(bytes)}) go to other homes, which takes some of your upload.`,
    'The period that runs is still paid. What you have earned stays yours.',
    forfeit
      ? `What nobody takes is given up: at most ${formatWei(forfeitWei, symbol)} of pay, and one miss for each customer.`
      : 'What nobody takes stays here; nothing is given up without your word (`--forfeit`).',
  ]
}

function nextStep(leaving: boolean, running: boolean): string[] {
  if (!leaving) return ['Say --yes to begin. Until the last step you can take it back with --cancel.']
  return running
    ? ['It has begun; `hearth role list` and the app show how far it is. `--cancel` takes it back.']
    : ['It begins when the app or `hearth node` runs. `--cancel` takes it back.']
}
