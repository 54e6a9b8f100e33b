import { isAddress } from 'ethers'
import { openChain } from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../../roles/api/values.ts'
import { formatTable, formatWei } from '../../output/format.ts'
import { joinNetwork, requireChain } from '../join-network.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type Verb, type VerbContext, type VerbValues } from '../verb.ts'
import { type EnergyDay, readCertificatesOf, readDaysOf } from './read-days.ts'

/** `hearth energy`: what this home, or another node, sold and bought, and the certificates that came with it. */
export const energy: Verb = {
  name: 'energy',
  summary: 'what a home sold to and bought from its neighbours, and its certificates',
  usage: [
    'energy trades [--node ADDRESS]',
    'energy certificates [--node ADDRESS]',
    '',
    'without --node: the energy key of this home',
  ],
  options: { node: { type: 'string' } },
  async run(context, { values, positionals }) {
    const [action, ...words] = positionals
    if (words.length > 0 || (action !== 'trades' && action !== 'certificates'))
      throw new UsageError('Say `hearth energy trades` or `hearth energy certificates`.')
    const network = await joinNetwork(context)
    const node = await nodeOf(context, values)
    await requireChain(network, context.signal)
    const chain = openChain(network)
    try {
      const days = await readDaysOf(chain, node, context.signal)
      if (action === 'trades') showTrades(context, node, days, network.symbol)
      else await showCertificates(context, await readCertificatesOf(chain, days, context.signal))
    } finally {
      chain.close()
    }
  },
}

async function nodeOf(context: VerbContext, values: VerbValues): Promise<string> {
  const named = textOption(values, 'node')
  if (named !== null && !isAddress(named)) throw new UsageError(`"${named}" is no address of a node.`)
  const own = named ?? (await context.home().keys.findKey('energy'))?.address
  if (own !== undefined) return own
  throw new UsageError('This home has no energy key yet.', 'Start the energy role first, or name a node with --node.')
}

function showTrades({ output }: VerbContext, node: string, days: readonly EnergyDay[], symbol: string): void {
  const trades = days.flatMap(({ day, beganAt, community, nets }) => {
    const own = nets.find((net) => sameAddress(net.node, node))
    return own === undefined ? [] : [{ day, beganAt, community, ...own }]
  })
  const json = trades.map(({ netWei, ...rest }) => ({ ...rest, netWei: String(netWei) }))
  output.result({ node, trades: json }, () =>
    trades.length === 0
      ? ['Nothing was traded yet.']
      : formatTable(
          ['day', 'received', 'certified', 'green held'],
          trades.map((one) => [
            one.beganAt,
            formatWei(one.netWei, symbol),
            `${one.certifiedWh} Wh`,
            `${one.heldWh} Wh`,
          ]),
        ),
  )
}

async function showCertificates(
  { output }: VerbContext,
  certificates: Awaited<ReturnType<typeof readCertificatesOf>>,
): Promise<void> {
  const json = certificates.map((one) => ({
    ...one,
    certificateId: String(one.certificateId),
    ...{ heldWh: String(one.heldWh), mintedWh: String(one.mintedWh), retiredWh: String(one.retiredWh) },
  }))
  output.result({ certificates: json }, () =>
    certificates.length === 0
      ? ['There are no certificates yet.']
      : formatTable(
          ['day', 'held', 'of minted', 'retired', 'declared by'],
          certificates.map((one) => [
            one.beganAt,
            `${one.heldWh} Wh`,
            `${one.mintedWh} Wh`,
            `${one.retiredWh} Wh`,
            one.selfDeclared ? 'its owner' : 'an admitter',
          ]),
        ),
  )
}
