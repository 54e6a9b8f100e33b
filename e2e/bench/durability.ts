import gas from '../../contracts/gas-snapshot.json' with { type: 'json' }
import { profiles, repairThreshold } from '../../roles/storage/protocol/profiles.ts'
import { pieceLength, segmentBytes } from '../../roles/storage/protocol/segments.ts'
import { binomialTail, chanceOfSoFew, quantileDays } from './durability/bounds.ts'
import { chart, curvesOf } from './durability/curves.ts'
import { simulateDetection } from './durability/detection.ts'
import { perDay } from './durability/population.ts'
import { simulate, type SimulationOptions, type SimulationResult } from './durability/simulate.ts'
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
const churn = { ...world, leavePerMonth: 0.03 }
const harder = simulate(churn)
/** The rule of the design, for comparison: due at k + (n - k) / 4. */
const quarter = k + Math.floor((n - k) / 4)
const later = simulate({ ...churn, threshold: quarter })
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
  details: { dueAt: threshold, lostByMonth: curve(harder.lostByMonth), ...costOf(harder) },
})
figure({
  figure: `the same with repair at k + (n - k) / 4, as first designed`,
  value: later.lostFiles,
  unit: `of ${files}`,
  details: { dueAt: quarter, lostByMonth: curve(later.lostByMonth), ...costOf(later) },
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
figure({
  figure: 'providers caught within 30 days that dropped 1 % of their bytes',
  value: detection.caught / runs,
  unit: 'of 1',
  details: { computed: detection.computed.toFixed(4), runs },
})
figure({
  figure: 'chance of catching so few if each were caught with the computed probability (exact binomial test)',
  value: chanceOfSoFew(runs, detection.caught, detection.computed),
  unit: 'of 1',
  target: { atLeast: 0.001 },
})
drawCurves('homes on 75 % of the time, 2 % of disks lost a month', kept)
drawCurves('and 3 % of homes leaving for good each month', harder)
process.exitCode = missed ? 1 : 0

function costOf(result: SimulationResult): Record<string, string> {
  const moved = (result.repairs * k + result.piecesMade) / k
  return {
    repairsPerFileAndYear: (result.repairs / files).toFixed(2),
    trafficPerByteAndMonth: (moved / files / 12).toFixed(3),
  }
}

/** Each month as a line of JSON, and a chart on standard error. */
function drawCurves(what: string, { months }: SimulationResult): void {
  const gasOf = { proofGas, addPieceGas: gas['addPieces, one more'] }
  const points = curvesOf(months, { files, k, n, ...gasOf, providers: world.providers, setsPerTransaction })
  for (const point of points) process.stdout.write(`${JSON.stringify({ bench, curve: what, ...point })}\n`)
  const series = { 'files lost so far': 'filesLostSoFar', 'bytes moved per byte stored': 'trafficPerByte' } as const
  for (const [title, key] of Object.entries(series))
    process.stderr.write(
      `${chart(
        `${title}, by month: ${what}`,
        points.map((point) => point[key]),
      )}\n`,
    )
}
