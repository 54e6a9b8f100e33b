import gas from '../../contracts/gas-snapshot.json' with { type: 'json' }
import { profiles, repairThreshold } from '../../roles/storage/protocol/profiles.ts'
import { pieceLength, segmentBytes } from '../../roles/storage/protocol/segments.ts'
import { binomialTail, quantileDays } from './durability/bounds.ts'
import { simulateDetection } from './durability/detection.ts'
import { perDay } from './durability/population.ts'
import { simulate, type SimulationOptions } from './durability/simulate.ts'
import { report } from './storage/report.ts'

/**
 * `npm run bench durability [files]`: a simulated year of 100,000 homes and 10,000 customers with ten files each, at 8 of 20, with
 * repair and without; and how surely a provider is caught that drops a hundredth of its bytes. Exits 1 when a goal is missed.
 */
const files = Number(process.argv[2] ?? 100_000)
const profile = profiles.find((one) => one.k === 8)!
const { k, n } = profile
const world: SimulationOptions = {
  providers: 100_000,
  files,
  days: 365,
  profile,
  diskLossPerMonth: 0.02,
  leavePerMonth: 0,
  repair: true,
  seed: 20_260,
}
const bench = 'durability'
const setsPerTransaction = 8
let missed = false

function figure(entry: Omit<Parameters<typeof report>[0], 'bench'>): void {
  const { target, value } = entry
  if (target && ('atMost' in target ? value > target.atMost : value < target.atLeast)) missed = true
  report({ bench, ...entry })
}

const startMs = performance.now()
const kept = simulate(world)
const harder = simulate({ ...world, leavePerMonth: 0.03 })
const left = simulate({ ...world, repair: false })
const seconds = Math.round((performance.now() - startMs) / 1000)

const model = '2 % of disks fail a month; homes are on 75 % of the time, a fifth of them away for days'
const curve = (lostByMonth: readonly number[]): string => lostByMonth.join(' ')
figure({
  figure: `files lost in a year with repair, ${k} of ${n}`,
  value: kept.lostFiles,
  unit: `of ${files}`,
  target: { atMost: 0 },
  details: { model, online: kept.online.toFixed(3), lostByMonth: curve(kept.lostByMonth), seconds },
})
const waitDays = quantileDays(kept.waitedDays, 0.999) + 3
const threshold = repairThreshold(k, n)
const perPiece = 1 - (1 - perDay(world.diskLossPerMonth) - perDay(world.leavePerMonth)) ** waitDays
figure({
  figure: 'the binomial bound for it',
  value: kept.repairs * binomialTail(threshold, threshold - k + 1, perPiece),
  unit: 'files expected lost at most',
  details: {
    repairs: kept.repairs,
    windowDays: waitDays,
    lostPerPieceInWindow: perPiece.toExponential(2),
    median: quantileDays(kept.waitedDays, 0.5),
  },
})
figure({
  figure: `files lost when 3 % of homes leave for good each month besides`,
  value: harder.lostFiles,
  unit: `of ${files}`,
  details: { lostByMonth: curve(harder.lostByMonth), repairsPerFileAndYear: (harder.repairs / files).toFixed(2) },
})
figure({
  figure: `files lost in a year without repair, ${k} of ${n}`,
  value: left.lostFiles,
  unit: `of ${files}`,
  details: { lostByMonth: curve(left.lostByMonth) },
})
const pieceBytes = pieceLength(segmentBytes, k)
const moved = (kept.repairs * k + kept.piecesMade) * pieceBytes
figure({
  figure: 'repair traffic',
  value: moved / (files * segmentBytes) / 12,
  unit: 'bytes a month per byte stored',
  details: { repairsPerFileAndYear: (kept.repairs / files).toFixed(2), piecesMade: kept.piecesMade },
})
const setsPerDay = kept.provenSetDays / world.days
const proofGas = gas['provePossession, 64 pieces of 16 MiB']
const repairsPerDay = kept.repairs / world.days
figure({
  figure: 'gas a day on a chain for all of it',
  value: (setsPerDay * proofGas + repairsPerDay * n * gas['addPieces, one more']) / 1e9,
  unit: 'billion gas',
  details: {
    setsOfOnePieceEach: Math.round(setsPerDay),
    transactions: Math.round(
      world.providers * Math.ceil(setsPerDay / world.providers / setsPerTransaction) + repairsPerDay * n,
    ),
    gasPerGiBAndDay: Math.round((setsPerDay * proofGas) / ((files * segmentBytes) / 2 ** 30)),
  },
})

const runs = 1000
const detection = simulateDetection({ leafCount: 64 * 2 ** 19, dropped: 0.01, periods: 30, runs, seed: 7 })
const sigma = Math.sqrt((detection.computed * (1 - detection.computed)) / runs)
figure({
  figure: 'providers caught within 30 days that dropped 1 % of their bytes',
  value: detection.caught / runs,
  unit: 'of 1',
  target: { atLeast: Number((detection.computed - 3 * sigma).toFixed(4)) },
  details: { computed: detection.computed.toFixed(4), runs },
})
process.exitCode = missed ? 1 : 0
