import { parseArgs } from 'node:util'
import { cutEverywhere } from '../../roles/storage/provider/testing/cut-piece-store.ts'
import { cutVouchersEverywhere } from '../../roles/vouchers/testing/cut-voucher-store.ts'
import { createRandom } from './durability/random.ts'
import { report } from './storage/report.ts'

/**
 * `npm run bench power-cuts -- [--cuts 12000] [--seed N]`: simulated power cuts at every write boundary of the piece store and of the
 * voucher store, each followed by a real start on what such a cut may leave. Exits 1 when anything acknowledged is gone.
 */
const { values } = parseArgs({
  options: { cuts: { type: 'string', default: '12000' }, seed: { type: 'string' } },
})
const cuts = Number(values.cuts)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
process.stderr.write(`seed ${seed}\n`)
const random = createRandom(seed)
const stores = {
  'piece store: files and index': await cutEverywhere(cuts / 2, random),
  'voucher store: sectors of the database and its log': await cutVouchersEverywhere(cuts / 2, random),
}
for (const [name, { cuts: done, wrong }] of Object.entries(stores)) {
  const examples = Object.fromEntries(wrong.slice(0, 10).map((what, index) => [index, what]))
  report({
    bench: 'power-cuts',
    figure: `${name}, what was lost or torn`,
    value: wrong.length,
    unit: `in ${done} cuts`,
    target: { atMost: 0 },
    details: { seed, ...examples },
  })
  if (wrong.length > 0) process.exitCode = 1
}
