import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochOf } from '../../contracts/client/index.ts'
import { openEarningHistory, type EarningHistory, type GatheredRow } from '../store/index.ts'
import { composeOverview } from './compose-overview.ts'
import { earningsCsv } from './earnings-csv.ts'
import { followTotals, type FollowedTotals } from './follow-totals.ts'
import { ledgerRows, oldestFirst } from './ledger-page.ts'
import { localDayOf } from './local-day.ts'
import { dueSecondsOf } from './open-rewards.ts'
import { outRow, rewardRow, workRow } from './testing/rows.ts'

const lines = 100_000
const clock = { epochSeconds: 86_400, origin: 20_000 }
const firstSeconds = 20_001 * 86_400
/** A line every five minutes: a year of a busy home. */
const atSeconds = (block: number) => firstSeconds + block * 300

let directory: string
let history: EarningHistory
let following: FollowedTotals

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-speed-'))
  history = openEarningHistory(join(directory, 'earnings.sqlite'), 'speed')
  const rows = Array.from({ length: lines }, (_, block): GatheredRow => {
    if (block % 288 === 287) return rewardRow(block, atSeconds(block))
    if (block % 3000 === 2999) return outRow(block, atSeconds(block))
    return workRow(block, atSeconds(block), {
      customer: `0xC${block % 40}`,
      work: block % 2 === 0 ? 'voucher' : 'storageProof',
    })
  })
  const dueSeconds = (ofSeconds: number) => dueSecondsOf(epochOf(ofSeconds, clock), clock)
  history.append(rows, { blockNumber: lines, blockHash: '0x' }, dueSeconds)
}, 60_000)
afterAll(() => {
  history.close()
  rmSync(directory, { recursive: true, force: true })
})

/** The median time of a few runs, in milliseconds. */
function medianMs(run: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const startMs = performance.now()
    run()
    return performance.now() - startMs
  })
  return times.toSorted((left, right) => left - right)[4]!
}

test('a ledger of 100,000 lines opens in a moment, and then every page and the overview cost milliseconds', () => {
  const startMs = performance.now()
  following = followTotals(history, localDayOf)
  following.useClock(clock)
  const totals = following.totals()
  const openMs = performance.now() - startMs
  expect(totals.sums.rows).toBe(lines)

  const open = { role: 'render', epoch: 3, wei: 5n, atSeconds: atSeconds(500), running: false } as const
  const asked = { history, openRewards: [open], clock, throughBlock: lines, limit: 200 }
  const firstPageMs = medianMs(() => ledgerRows({ ...asked, offset: 0 }))
  const lastPageMs = medianMs(() => ledgerRows({ ...asked, offset: lines - 100 }))
  const overviewMs = medianMs(() =>
    composeOverview({
      ...{ totals: following.totals(), openRewards: [open], clock, claimableWei: 10n ** 18n, reconciles: true },
      terms: { gasWei: 1n, nativeWeiPerToken: 10n ** 15n, ownMinimumMicro: 0n },
      conditions: () => null,
      localDay: localDayOf,
      nowMs: atSeconds(lines) * 1000,
      chainSeconds: atSeconds(lines),
    }),
  )
  const exportMs = medianMs(() => earningsCsv(oldestFirst(asked)))
  const found = { openMs, firstPageMs, lastPageMs, overviewMs, exportMs }
  console.info(
    JSON.stringify(found, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)),
  )
  // Far above what a quiet machine needs, and far below what anything that looks at every line would.
  expect(openMs).toBeLessThan(8_000)
  expect(Math.max(firstPageMs, lastPageMs)).toBeLessThan(150)
  expect(overviewMs).toBeLessThan(250)
  expect(exportMs).toBeLessThan(15_000)
}, 240_000)
