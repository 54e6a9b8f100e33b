import { parseArgs } from 'node:util'
import { phases } from '../chaos/operations.ts'
import { runChaos } from '../chaos/run-chaos.ts'
import { report } from './storage/report.ts'

/**
 * `npm run bench chaos -- [--kills 1000] [--seed N] [--providers 18]`: kill -9 of providers and customer while they put, get, prove,
 * scrub and repair, on one chain, each checked after its next start. Exits 1 when anything acknowledged is lost, counted
 * twice or served by halves. The seed is printed; the same seed draws the same run.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    providers: { type: 'string', default: '18' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const bench = 'chaos'
process.stderr.write(`seed ${seed}\n`)
const startMs = performance.now()
const result = await runChaos({
  kills: Number(values.kills),
  providers: Number(values.providers),
  seed,
  onCycle: (told) => process.stderr.write(`${JSON.stringify(told)}\n`),
})
const { kills, outcomes, acknowledged, wrong, providerReadyMs, customerReadyMs } = result

for (const phase of phases) {
  const details = Object.fromEntries(Object.entries(outcomes).filter(([name]) => name.startsWith(phase)))
  report({ bench, figure: `kills during ${phase}`, value: kills[phase], unit: 'kills', details })
}
report({
  bench,
  figure: 'kills survived',
  value: Object.values(kills).reduce((sum, count) => sum + count, 0),
  unit: 'kills',
  details: {
    seed,
    atWriteBoundaries: result.atBoundary,
    ofCustomer: result.ofCustomer,
    periodsMissed: result.periodsMissed,
    minutes: Math.round((performance.now() - startMs) / 60_000),
    ...acknowledged,
    paidWei: result.paidWei.toString(),
  },
})
reportRestart('restart of a provider to serving', providerReadyMs)
reportRestart('restart of a customer', customerReadyMs)
reportRestart('processor time of a restart of a provider', result.providerReadyCpuMs)
report({
  bench,
  figure: 'losses, double counts, partial files, books that differ',
  value: wrong.length,
  unit: 'found',
  target: { atMost: 0 },
  details: Object.fromEntries(wrong.slice(0, 20).map((what, index) => [index, what])),
})
if (wrong.length > 0) process.exitCode = 1

function reportRestart(figure: string, times: readonly number[]): void {
  const sorted = [...times].sort((left, right) => left - right)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const details = { median: Math.round(at(0.5)), longest: Math.round(at(1)), restarts: sorted.length }
  report({ bench, figure: `${figure}, p95`, value: at(0.95), unit: 'ms', target: { atMost: 2_000 }, details })
  if (at(0.95) > 2_000) process.exitCode = 1
}
