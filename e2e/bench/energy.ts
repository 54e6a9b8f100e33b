import { benchClearing } from './energy/clearing.ts'
import { benchForecast } from './energy/forecast.ts'
import { benchParsers } from './energy/parsers.ts'
import { benchSimulation } from './energy/simulation.ts'

/**
 * `npm run bench energy -- [PART...]`: all parts, or the named ones. Exits 1 when a goal is missed, 2 for a part that is none.
 * - `parsers`: the decoders of meters, their speed and ten million changed inputs (HEARTH_BENCH_MUTATIONS for another number).
 * - `clearing`: the auction of a slot against trying everything, and what it costs from ten to a million orders.
 * - `forecast`: a home's own forecast beside persistence.
 * - `simulation`: a month of 10,000 homes (HEARTH_BENCH_HOMES for another number): energy, money, chain.
 */
const parts: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
  parsers: () => benchParsers(Number(process.env['HEARTH_BENCH_MUTATIONS'] ?? 10_000_000)),
  clearing: benchClearing,
  forecast: benchForecast,
  simulation: () => benchSimulation(Number(process.env['HEARTH_BENCH_HOMES'] ?? 10_000)),
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => parts[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.\n`)
  process.exitCode = 2
} else {
  for (const [name, run] of Object.entries(parts)) {
    if (named.length > 0 && !named.includes(name)) continue
    if (!(await run())) process.exitCode = 1
  }
}
