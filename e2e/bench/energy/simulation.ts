import { checkSettlement } from '../../../roles/energy/protocol/settlement/check-settlement.ts'
import { dayRoot } from '../../../roles/energy/protocol/settlement/day-record.ts'
import { netAmounts } from '../../../roles/energy/protocol/settlement/settle-day.ts'
import { sampleDay, sampleSlotsPerDay, sampleTariff } from '../../../roles/energy/protocol/testing/sample-day.ts'
import { report } from '../storage/report.ts'
import { measureDayGas } from './day-gas.ts'
import { loadProfiles, makeHomes, slotsPerDay } from './homes.ts'
import { type CommunityMonth, simulateCommunity } from './simulate.ts'

const bench = 'energy'
const communitySize = 100
const tariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
const seed = 20_261_125
const gweiPerToken = 1e9

/** A month of `homes` homes in communities of a hundred. True when money balances to the wei and an honest day has no fault. */
export async function benchSimulation(homes = 10_000): Promise<boolean> {
  const profiles = loadProfiles(process.env['HEARTH_FIXTURES'])
  const startMs = performance.now()
  const months: CommunityMonth[] = []
  for (let first = 0; first < homes; first += communitySize) {
    const community = makeHomes(profiles, Math.min(communitySize, homes - first), seed + first)
    months.push(simulateCommunity(community, profiles.slots, tariff, seed - first))
    process.stderr.write(`\r${first + community.length} of ${homes} homes`)
  }
  process.stderr.write('\n')
  const seconds = (performance.now() - startMs) / 1000
  const days = profiles.slots / slotsPerDay
  const world = `${homes} homes in communities of ${communitySize}, 40 % with 3 to 10 kWp, ${days} days, ${profiles.source}`
  reportEnergy(months, world, seconds)
  reportMoney(months, homes, world)
  await reportChain(months, homes, days)
  const isHonestDayClean = reportOneDay()
  return isHonestDayClean && months.every(({ imbalanceWei }) => imbalanceWei === 0n)
}

function sumOf(months: readonly CommunityMonth[], of: (month: CommunityMonth) => number): number {
  return months.reduce((sum, month) => sum + of(month), 0)
}

function reportEnergy(months: readonly CommunityMonth[], world: string, seconds: number): void {
  const sum = (of: (month: CommunityMonth) => number): number => sumOf(months, of)
  const generation = sum((month) => month.generationWh)
  const own = sum((month) => month.ownUseWh)
  const matched = sum((month) => month.matchedWh)
  report({
    bench,
    figure: 'generation used by its own home or a neighbour',
    value: (own + matched) / generation,
    unit: 'of 1',
    details: {
      withoutNeighbours: (own / generation).toFixed(3),
      ofAllUse: ((own + matched) / sum((month) => month.loadWh)).toFixed(3),
      ofAllUseWithoutNeighbours: (own / sum((month) => month.loadWh)).toFixed(3),
      world,
    },
  })
  report({
    bench,
    figure: 'energy sold in auctions that was then delivered and taken',
    value: matched / sum((month) => month.tradedWh),
    unit: 'of 1',
    details: {
      tradedMWh: (sum((month) => month.tradedWh) / 1e6).toFixed(1),
      orders: sum((month) => month.orders),
      slotsWithTrade: sum((month) => month.slotsWithTrade),
      simulatedInSeconds: Math.round(seconds),
    },
  })
}

function reportMoney(months: readonly CommunityMonth[], homes: number, world: string): void {
  const tokens = (wei: bigint): number => Number(wei / 1_000_000_000n) / gweiPerToken
  const all = (of: (month: CommunityMonth) => readonly bigint[]): bigint[] => months.flatMap(of)
  const grid = all((month) => month.gridOnlyWei)
  const traded = all((month) => month.withTradesWei)
  const saved = grid.map((wei, home) => tokens(wei - traded[home]!)).sort((left, right) => left - right)
  const total = (list: readonly bigint[]): number => tokens(list.reduce((sum, wei) => sum + wei, 0n))
  report({
    bench,
    figure: 'saved or earned per home and month against the grid alone, mean',
    value: (total(grid) - total(traded)) / homes,
    unit: 'tokens',
    details: {
      gridOnly: (total(grid) / homes).toFixed(2),
      withTrades: (total(traded) / homes).toFixed(2),
      least: saved[0]!.toFixed(3),
      median: saved[homes >> 1]!.toFixed(3),
      most: saved[homes - 1]!.toFixed(2),
      homesWorseOff: saved.filter((one) => one < 0).length,
      tariff: 'retail 0.30, feed-in 0.08 tokens per kWh, where the supplier nets out what neighbours share',
      world,
    },
  })
  report({
    bench,
    figure: 'wei that appeared or vanished in all settlements together',
    value: Number(
      months.reduce((sum, { imbalanceWei }) => sum + (imbalanceWei < 0n ? -imbalanceWei : imbalanceWei), 0n),
    ),
    unit: 'wei',
    target: { atMost: 0 },
  })
}

async function reportChain(months: readonly CommunityMonth[], homes: number, days: number): Promise<void> {
  const { fixed, perNet } = await measureDayGas()
  const posted = sumOf(months, ({ netsPosted }) => netsPosted)
  report({
    bench,
    figure: 'transactions per home and day, without challenges and top-ups',
    value: months.length / homes,
    unit: 'transactions',
    details: { perCommunityAndDay: 1, sumsPostedPerHomeAndDay: (posted / homes / days).toFixed(2) },
  })
  report({
    bench,
    figure: 'gas per home and day',
    value: (fixed * months.length * days + perNet * posted) / homes / days,
    unit: 'gas',
    details: { fixedPerCommunityAndDay: fixed, perPostedSum: perNet, from: 'receipts on Anvil' },
  })
}

/** The whole way of a day with typed data, hashes and trees, for one community: what the settler's and a checker's machine spends. True when the check finds nothing. */
function reportOneDay(): boolean {
  const startMs = performance.now()
  const { record, orders, readings } = sampleDay(seed, communitySize)
  const root = dayRoot(record)
  const settledMs = performance.now()
  const receipts = orders.map(({ order, orderHash }) => ({ receipt: { ...order, orderHash }, signature: '0x' }))
  const evidence = { tariff: sampleTariff, receipts, orders, readings, postedNets: netAmounts(record) }
  const faults = checkSettlement(record, evidence).length + (dayRoot(record) === root ? 0 : 1)
  const checkedMs = performance.now()
  const perEntry = record.entries.length
  report({
    bench,
    figure: 'settle a day, orders hashed as typed data and every leaf committed, per order',
    value: (settledMs - startMs) / perEntry,
    unit: 'ms',
    details: {
      checkItMs: Number(((checkedMs - settledMs) / perEntry).toPrecision(3)),
      orders: perEntry,
      slots: sampleSlotsPerDay,
      homes: communitySize,
    },
  })
  report({
    bench,
    figure: 'faults that the check finds in an honest day',
    value: faults,
    unit: 'faults',
    target: { atMost: 0 },
  })
  return faults === 0
}
