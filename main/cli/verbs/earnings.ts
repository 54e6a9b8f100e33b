import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChain, type NetworkFile } from '../../../contracts/client/index.ts'
import { readUnredeemedWei } from '../../../roles/vouchers/index.ts'
import type { EarningsOverview, LedgerRow } from '../../api/earnings.ts'
import type { EarningsSummary } from '../../api/snapshot.ts'
import { ownerOf } from '../../app/session.ts'
import { claimGas, csvNotes, earningsCsv, openEarningsBook } from '../../earnings/index.ts'
import { openConditionsLedger, openEarningHistory, openGasLedger, type Home } from '../../store/index.ts'
import { HearthError } from '../../../roles/api/errors.ts'
import { describeEarnings, earningsJson } from './earnings-words.ts'
import { joinNetwork, requireChain } from './join-network.ts'
import { readPrices } from './tax-prices.ts'
import { UsageError } from './usage-error.ts'
import type { Verb } from './verb.ts'

/** The books do not add up; never hidden (QUALITY U3). */
export class EarningsDifferError extends HearthError {}

/** `hearth earnings`: gathers what the chain paid this home's operator and checks it against the contract to the wei. */
export const earnings: Verb = {
  name: 'earnings',
  summary: 'earned, accruing, claimable, claimed, fees; reconciles to the wei',
  usage: ['earnings [--csv [--price P | --prices FILE] [--currency EUR]]'],
  options: {
    csv: { type: 'boolean' },
    price: { type: 'string' },
    prices: { type: 'string' },
    currency: { type: 'string' },
  },
  async run(context, { values, positionals }) {
    if (positionals.length > 0) throw new UsageError('`hearth earnings` takes no words.')
    const csv = values['csv'] === true
    const prices = await readPrices(values)
    const network = await joinNetwork(context)
    await requireChain(network, context.signal)
    const home = context.home()
    const operator = await operatorOf(home, network)
    const { output } = context
    if (operator === null) {
      if (csv) return output.raw(earningsCsv([], prices))
      return output.result({ operator: null, ...nothingEarned }, () => ['This home has not contributed yet.'])
    }
    const { summary, overview, rows } = await gather(home, network, operator)
    const { reconciles, asOfBlock } = summary
    if (csv) {
      output.raw(earningsCsv(rows, prices))
      const notes = csvNotes({ operator, network, asOfBlock, prices, reconciles })
      for (const note of notes) output.note(note)
    } else {
      const json = { operator, ...summary, ...earningsJson(overview) }
      output.result(json, () => describeEarnings(summary, overview, network.symbol))
    }
    if (reconciles) return
    throw new EarningsDifferError('EARNINGS_DIFFER', 'What was gathered differs from what the contract says.', {
      action: 'Run it again; if it stays so, the chain that answers hides events.',
    })
  },
}

/** Whom this computer works for: the operator that a device named, else the practice home's own; null before either. */
async function operatorOf(home: Home, network: NetworkFile): Promise<string | null> {
  const { operator } = await home.walletRecord(network).read()
  return operator ?? (await home.keys.findKey('operator'))?.address ?? null
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

type Gathered = {
  readonly summary: EarningsSummary
  readonly overview: EarningsOverview
  readonly rows: readonly LedgerRow[]
}

/**
 * Gathers everything anew into a book of its own: the engine may be writing the home's at this very moment, and a
 * second look that shares nothing with the first is worth more.
 */
async function gather(home: Home, network: NetworkFile, operator: string): Promise<Gathered> {
  const chain = openChain(network)
  const folder = await mkdtemp(join(tmpdir(), 'hearth-earnings-'))
  const history = openEarningHistory(join(folder, 'earnings.sqlite'), `${network.genesisHash}/${operator}`)
  const gas = openGasLedger(join(home.stateDirectory(), 'gas.sqlite'), network.genesisHash)
  // How long this computer worked, and with how much, explains a week that brought less; only its engine has seen it.
  const conditions = openConditionsLedger(join(home.stateDirectory(), 'conditions.sqlite'), network.genesisHash)
  try {
    const owner = await ownerOf(home, operator)
    const nodes = Object.values(await home.keys.ensureRoleKeys(owner)).map((key) => key.address)
    const book = openEarningsBook({ chain, operator, nodes, history, gas })
    // Vouchers that the storage worker holds and has not redeemed.
    const unredeemedWei = readUnredeemedWei(join(home.roleDirectory('storage', owner), 'storage.sqlite'))
    const [{ claimMinimumMicro }, fees] = await Promise.all([home.settings.read(), chain.provider.getFeeData()])
    const summary = await book.refresh({ unredeemedWei })
    const terms = {
      gasWei: claimGas * (fees.maxFeePerGas ?? fees.gasPrice ?? 0n),
      nativeWeiPerToken: BigInt(network.nativeWeiPerToken),
      ownMinimumMicro: BigInt(claimMinimumMicro),
    }
    return { summary, overview: book.overview({ terms, conditions: conditions.between }), rows: [...book.rows()] }
  } finally {
    history.close()
    gas.close()
    conditions.close()
    chain.close()
    await rm(folder, { recursive: true, force: true })
  }
}
