import { parseArgs } from 'node:util'
import { report, rounded } from './storage/report.ts'
import { amountsOf, buildMerkleDrop } from './rewards/merkle-drop.ts'
import { compareWithChain } from './rewards/on-chain.ts'
import { digestOf, type Recomputation, timeRecomputation } from './rewards/recompute.ts'

/**
 * `npm run bench rewards -- [--operators 1000000] [--payments 10000000] [--seed 1] [--chain 1,10,100,1000]`: an epoch of so many
 * operators and fee events recomputed by one thread, and smaller epochs whose payments were all made on a real chain,
 * compared with the contract to the wei. Exits 1 when a goal is missed or one wei differs.
 */
const { values } = parseArgs({
  options: {
    operators: { type: 'string', default: '1000000' },
    payments: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    chain: { type: 'string', default: '1,10,100,1000' },
  },
})
const [operators, payments, seed] = [values.operators, values.payments, values.seed].map(Number) as [
  number,
  number,
  number,
]
const sizes = values.chain.split(',').filter(Boolean).map(Number)
if (![operators, payments, ...sizes].every((value) => Number.isInteger(value) && value > 0) || !Number.isInteger(seed))
  throw new Error('--operators, --payments, --seed and --chain take whole numbers.')
if (payments < operators) throw new Error('--payments must be --operators at least: each operator is paid once.')

const bench = 'rewards'
const goalSeconds = 20
const epoch = 2
process.stderr.write(`seed ${seed}\n`)

/** Sizes up to the largest, ten times more at each step: how the time grows. */
for (let size = operators / 1000; size < operators; size *= 10) {
  if (size < 1) continue
  const part = { operators: Math.floor(size), payments: Math.floor((size * payments) / operators) }
  const { wallSeconds, cpuSeconds } = timeRecomputation({ ...part, epoch, seed })
  report({
    bench,
    figure: 'recompute an epoch, smaller',
    value: wallSeconds,
    unit: 's',
    details: { ...part, cpuSeconds: rounded(cpuSeconds) },
  })
}
const whole = timeRecomputation({ operators, payments, epoch, seed })
const drop = buildMerkleDrop(amountsOf(whole.recomputed))
reportWhole(whole)

for (const size of sizes) {
  const { differing, ...counts } = await compareWithChain(size, seed)
  for (const difference of differing.slice(0, 20)) process.stderr.write(`${difference}\n`)
  report({
    bench,
    figure: `figures that differ from the contract's, ${size} operators on chain`,
    value: differing.length,
    unit: `of ${counts.compared}`,
    target: { atMost: 0 },
    details: { ...counts, seed },
  })
  if (differing.length > 0) process.exitCode = 1
}

function reportWhole({ recomputed, wallSeconds, cpuSeconds, makingSeconds, stages, peakBytes }: Recomputation): void {
  const seconds = Object.entries({ ...stages, makingPaymentsNotCounted: makingSeconds, processor: cpuSeconds })
  const goal = { atMost: goalSeconds }
  report({
    bench,
    figure: `recompute an epoch of ${operators} operators and ${payments} fee events, one thread`,
    value: wallSeconds,
    unit: 's',
    target: goal,
    peer: {
      name: 'the Merkle tree alone that a cumulative drop builds over the same amounts (@noble/hashes keccak)',
      value: rounded(drop.seconds),
    },
    details: {
      ...Object.fromEntries(seconds.map(([name, value]) => [`${name}Seconds`, rounded(value)])),
      shares: recomputed.shareCount,
      leaves: drop.leaves,
      seed,
      digest: digestOf(recomputed),
      root: drop.root,
    },
  })
  report({
    bench,
    figure: 'processor time of it, all threads together',
    value: cpuSeconds,
    unit: 's',
    target: goal,
  })
  report({ bench, figure: 'most memory of the process meanwhile', value: peakBytes / 2 ** 20, unit: 'MiB' })
  if (wallSeconds > goalSeconds || cpuSeconds > goalSeconds) process.exitCode = 1
}
