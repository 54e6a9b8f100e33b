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
  readonly seed: number
}

export type SimulationResult = {
  readonly lostFiles: number
  /** Files lost up to the end of each 30 days. */
  readonly lostByMonth: readonly number[]
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
  const random = createRandom(options.seed)
  const population = createPopulation({ ...options, random })
  const world = new StoredFiles(options, population, random)
  const lostByMonth: number[] = []
  let [online, provenSetDays] = [0, 0]
  for (let day = 1; day <= days; day++) {
    online += population.step(day)
    for (let file = 0; file < files; file++) {
      if (world.isLost(file)) continue
      const { alive, healthy, proven } = world.look(file, day)
      provenSetDays += proven
      if (alive < profile.k) world.lose(file)
      else if (healthy <= repairThreshold(profile.k, profile.n)) world.due(file, day)
      else world.notDue(file)
    }
    if (day % 30 === 0 || day === days) lostByMonth.push(world.stats.lost)
  }
  const { lost, ...stats } = world.stats
  return { lostFiles: lost, lostByMonth, ...stats, provenSetDays, online: online / days }
}
