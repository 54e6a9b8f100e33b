import { repairThreshold, type Profile } from '../../../roles/storage/protocol/profiles.ts'
import { createPopulation } from './population.ts'
import { createRandom } from './random.ts'
import { StoredFiles } from './stored-files.ts'

export type SimulationOptions = {
  readonly providers: number
  readonly files: number
  readonly days: number
  readonly profile: Profile
  readonly diskLossPerMonth: number
  readonly leavePerMonth: number
  readonly repair: boolean
  /** Healthy pieces at which a file is due; what the product does when left out. */
  readonly threshold?: number
  readonly seed: number
}

/** What happened in one month. */
export type Month = {
  readonly days: number
  readonly lost: number
  readonly repairs: number
  readonly piecesMade: number
  readonly provenSetDays: number
}

export type SimulationResult = {
  readonly lostFiles: number
  /** Files lost up to the end of each 30 days. */
  readonly lostByMonth: readonly number[]
  /** What was done within each of them. */
  readonly months: readonly Month[]
  readonly repairs: number
  readonly piecesMade: number
  /** Days from the day on which a file was due to the day of its repair; by number of days, how many. */
  readonly waitedDays: readonly number[]
  /** Sets that could prove, summed over all days. */
  readonly provenSetDays: number
  /** Mean share of homes that were on. */
  readonly online: number
}

/**
 * A year of a storage network, day by day: the code is the one that customers run (choice of homes, health, threshold, plan of
 * a repair), only homes and time are modelled. A period is a day; a set is proven when its home was on at all that day and still
 * has the piece. A file is one segment; a customer's files lie on different homes. Deterministic by its seed.
 */
export function simulate(options: SimulationOptions): SimulationResult {
  const { profile, files, days } = options
  const threshold = options.threshold ?? repairThreshold(profile.k, profile.n)
  const random = createRandom(options.seed)
  const population = createPopulation({ ...options, random })
  const world = new StoredFiles(options, population, random)
  const sums: Omit<Month, 'days'>[] = [{ lost: 0, repairs: 0, piecesMade: 0, provenSetDays: 0 }]
  const ends = [0]
  let [online, provenSetDays] = [0, 0]
  for (let day = 1; day <= days; day++) {
    online += population.step(day)
    for (let file = 0; file < files; file++) {
      if (world.isLost(file)) continue
      const { alive, healthy, proven } = world.look(file, day)
      provenSetDays += proven
      if (alive < profile.k) world.lose(file)
      else if (healthy <= threshold) world.due(file, day)
      else world.notDue(file)
    }
    if (day % 30 !== 0 && day !== days) continue
    ends.push(day)
    sums.push({ ...world.stats, provenSetDays })
  }
  const { lost, ...stats } = world.stats
  const lostByMonth = sums.slice(1).map((sum) => sum.lost)
  return { lostFiles: lost, lostByMonth, months: monthsOf(sums, ends), ...stats, provenSetDays, online: online / days }
}

/** From running sums to what each month added. */
function monthsOf(sums: readonly Omit<Month, 'days'>[], ends: readonly number[]): Month[] {
  return sums.slice(1).map((sum, index) => {
    const before = sums[index]!
    return {
      days: ends[index + 1]! - ends[index]!,
      lost: sum.lost - before.lost,
      repairs: sum.repairs - before.repairs,
      piecesMade: sum.piecesMade - before.piecesMade,
      provenSetDays: sum.provenSetDays - before.provenSetDays,
    }
  })
}
