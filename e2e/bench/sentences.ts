import { parseArgs } from 'node:util'
import { compareSentences } from '../../contracts/script/testing/compare-sentences.ts'
import { startTestChain, type TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { createRandom } from './durability/random.ts'
import { report, rounded } from './storage/report.ts'

/**
 * `npm run bench sentences -- [--count 100000] [--seed N]`: the texts that operators sign, written by Solidity and by TypeScript from
 * the same random arguments, over all kinds and four deployments (practice and real, usual and longest chain id and symbol).
 * Exits 1 when one byte differs, a text cannot be read back into its arguments, two lists of arguments share a text, or a device
 * would page one badly.
 */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const [count, seed] = [Number(values.count), Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))]
if (!Number.isInteger(count) || count <= 0 || !Number.isInteger(seed))
  throw new Error('--count and --seed take whole numbers.')
process.stderr.write(`seed ${seed}\n`)

const widest = { chainId: 2 ** 48 - 1, symbol: 'W.-9 x' }
const deployments = [
  {},
  { profile: 'real' },
  { ...widest },
  { ...widest, chainId: widest.chainId - 1, profile: 'real' },
] as const
const chains: TestChain[] = []
try {
  for (const deployment of deployments) chains.push(await startTestChain(deployment))
  const startMs = performance.now()
  const { compared, byKind, longestByKind, faults, examples } = await compareSentences(
    chains,
    count,
    createRandom(seed),
  )
  for (const example of examples) process.stderr.write(`${JSON.stringify(example, null, 2)}\n`)
  const figures = {
    'texts in which Solidity and TypeScript differ by a byte': faults.solidity,
    'texts that a second writer spells differently': faults['second writer'],
    'texts that a second reader does not turn back into their arguments': faults['second reader'],
    'texts that stand for two lists of arguments': faults['one text for two'],
    'texts with other than printable ASCII, or with blank lines': faults.characters,
    'texts over 240 bytes (authorize: 320)': faults.bytes,
    'texts whose verb, amount or account a device would not show first and whole': faults.paging,
  }
  for (const [figure, value = 0] of Object.entries(figures)) {
    report({ bench: 'sentences', figure, value, unit: `of ${compared}`, target: { atMost: 0 }, details: { seed } })
    if (value > 0) process.exitCode = 1
  }
  const seconds = rounded((performance.now() - startMs) / 1000)
  report({
    bench: 'sentences',
    figure: 'longest text',
    value: Math.max(...Object.values(longestByKind)),
    unit: 'bytes',
    target: { atMost: 320 },
    details: { ...prefixed('longest ', longestByKind), ...prefixed('texts of ', byKind), seconds },
  })
} finally {
  await Promise.all(chains.map((test) => test.stop()))
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${prefix}${name}`, value]))
}
