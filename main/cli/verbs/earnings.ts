import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChain, type NetworkFile } from '../../../contracts/client/index.ts'
import { roleNames } from '../../../roles/api/roles.ts'
import { readUnredeemedWei } from '../../../roles/vouchers/index.ts'
import type { EarningsSummary } from '../../api/snapshot.ts'
import { earningsCsv, openEarningsBook, type EarningsBook } from '../../earnings/index.ts'
import { openEarningHistory, openGasLedger, type Home } from '../../store/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { formatTable, formatWei } from '../output/format.ts'
import { joinNetwork, requireChain } from './join-network.ts'
import { UsageError } from './usage-error.ts'
import type { Verb } from './verb.ts'

/** The books do not add up; never hidden (QUALITY U3). */
export class EarningsDifferError extends HearthError {}

/** `hearth earnings`: gathers what the chain paid this home's operator and checks it against the contract to the wei. */
export const earnings: Verb = {
  name: 'earnings',
  summary: 'earned, accruing, claimable, claimed, fees; reconciles to the wei',
  usage: ['earnings [--csv]'],
  options: { csv: { type: 'boolean' } },
  async run(context, { values, positionals }) {
    if (positionals.length > 0) throw new UsageError('`hearth earnings` takes no words.')
    const network = await joinNetwork(context)
    await requireChain(network, context.signal)
    const home = context.home()
    const operator = await home.keys.findKey('operator')
    const { output } = context
    if (operator === null) {
      if (values['csv'] === true) return output.raw(earningsCsv([]))
      return output.result({ operator: null, ...nothingEarned }, () => ['This home has not contributed yet.'])
    }
    const { summary, csv } = await gather(home, network, operator.address)
    if (values['csv'] === true) output.raw(csv)
    else output.result({ operator: operator.address, ...summary }, () => describe(summary, network.symbol))
    if (summary.reconciles) return
    throw new EarningsDifferError('EARNINGS_DIFFER', 'What was gathered differs from what the contract says.', {
      action: 'Run it again; if it stays so, the chain that answers hides events.',
    })
  },
}

const nothingEarned: EarningsSummary = {
  earnedWei: '0',
  claimedWei: '0',
  claimableWei: '0',
  movedToStakeWei: '0',
  accruingWei: '0',
  burnedWei: '0',
  gasWei: '0',
  byRole: {},
  rewardsWei: '0',
  rewardsByRole: {},
  accruingRewardsWei: '0',
  reconciles: true,
  asOfBlock: null,
}

/**
 * Gathers everything anew into a book of its own: the engine may be writing the home's at this very moment, and a
 * second look that shares nothing with the first is worth more.
 */
async function gather(
  home: Home,
  network: NetworkFile,
  operator: string,
): Promise<{ summary: EarningsSummary; csv: string }> {
  const chain = openChain(network)
  const folder = await mkdtemp(join(tmpdir(), 'hearth-earnings-'))
  const history = openEarningHistory(join(folder, 'earnings.sqlite'), `${network.genesisHash}/${operator}`)
  const gas = openGasLedger(join(home.stateDirectory(), 'gas.sqlite'), network.genesisHash)
  try {
    const keys = await Promise.all(roleNames.map((role) => home.keys.findKey(role)))
    const nodes = keys.flatMap((key) => (key === null ? [] : [key.address]))
    const book: EarningsBook = openEarningsBook({ chain, operator, nodes, history, gas })
    // Vouchers that the storage worker holds and has not redeemed.
    const unredeemedWei = readUnredeemedWei(join(home.roleDirectory('storage'), 'storage.sqlite'))
    const summary = await book.refresh({ unredeemedWei })
    return { summary, csv: book.csv() }
  } finally {
    history.close()
    gas.close()
    chain.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function describe(summary: EarningsSummary, symbol: string): string[] {
  const show = (wei: string) => formatWei(BigInt(wei), symbol)
  return [
    ...formatTable(
      ['', 'AMOUNT'],
      [
        ['Earned', show(summary.earnedWei)],
        ['  of it rewards', show(summary.rewardsWei)],
        ['  claimed', show(summary.claimedWei)],
        ['  claimable', show(summary.claimableWei)],
        ['  moved to stake', show(summary.movedToStakeWei)],
        ['On its way', show(summary.accruingWei)],
        ['  of it rewards of the running epoch', show(summary.accruingRewardsWei)],
        ['Burned as fee', show(summary.burnedWei)],
        ['Gas spent', `${formatWei(BigInt(summary.gasWei), '').trim()} (chain coin)`],
        ...Object.entries(summary.byRole).map(([role, wei]) => [`From ${role}`, show(wei ?? '0')]),
      ],
    ),
    summary.reconciles ? 'Adds up to the wei with the contract.' : 'DOES NOT ADD UP with the contract.',
  ]
}
