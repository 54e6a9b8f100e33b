import { clearSlot } from '../../../roles/energy/protocol/clearing/clear-slot.ts'
import { judgeClearing } from '../../../roles/energy/protocol/testing/judge-clearing.ts'
import { largeMarket, randomFrom, smallMarket } from '../../../roles/energy/protocol/testing/random-markets.ts'
import { report } from '../storage/report.ts'

const bench = 'energy'
const markets = 100_000
const largest = 1_000_000
const goalSeconds = 1
const seed = 20_261_125

/** The auction: right on small markets, fast on large ones. True when every goal is met. */
export function benchClearing(): boolean {
  const wrong = judgeSmallMarkets()
  const seconds = timeLargest()
  return wrong === 0 && seconds <= goalSeconds
}

function judgeSmallMarkets(): number {
  const random = randomFrom(seed)
  let wrong = 0
  for (let market = 0; market < markets; market++) {
    const orders = smallMarket(random, 6, market % 2 === 0 ? 3 : 12)
    const faults = judgeClearing(orders, random)
    if (faults.length === 0) continue
    wrong++
    process.stderr.write(`market ${market}: ${faults.join('; ')}\n`)
  }
  report({
    bench,
    figure: 'small markets cleared otherwise than trying everything says',
    value: wrong,
    unit: `of ${markets}`,
    target: { atMost: 0 },
    details: { judged: 'welfare, volume, balance, limits, nobody better left out, any sequence', seed },
  })
  return wrong
}

/** Median seconds for the largest market; the way there is printed as a curve. */
function timeLargest(): number {
  let last = 0
  for (let count = 10; count <= largest; count *= 10) {
    const { medianSeconds, cpuSeconds, runs } = timeClearing(count)
    last = medianSeconds
    report({
      bench,
      figure: `clear ${count} orders, one core, sorting by hash and price included`,
      value: medianSeconds * 1000,
      unit: 'ms',
      ...(count === largest ? { target: { atMost: goalSeconds * 1000 } } : {}),
      details: {
        runs,
        processorMs: Number((cpuSeconds * 1000).toPrecision(3)),
        nsPerOrder: Math.round((medianSeconds * 1e9) / count),
      },
    })
  }
  return last
}

function timeClearing(count: number): { medianSeconds: number; cpuSeconds: number; runs: number } {
  const market = largeMarket(randomFrom(seed + count), count)
  const runs = Math.max(5, Math.min(1000, Math.round(2e6 / count)))
  for (let warm = 0; warm < Math.min(runs, 50); warm++) clearSlot(market)
  const cpuBefore = process.cpuUsage()
  const times = Array.from({ length: runs }, () => {
    const startMs = performance.now()
    clearSlot(market)
    return (performance.now() - startMs) / 1000
  })
  const { user, system } = process.cpuUsage(cpuBefore)
  times.sort((left, right) => left - right)
  return { medianSeconds: times[runs >> 1]!, cpuSeconds: (user + system) / 1e6 / runs, runs }
}
