import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chainRoleNames, epochOf } from '../../contracts/client/index.ts'
import { weighPayments } from '../../contracts/rewards/index.ts'
import { openEarningHistory, type GatheredRow } from '../store/index.ts'
import { BookTotals } from './book-totals.ts'
import { followTotals } from './follow-totals.ts'
import { dueSecondsOf } from './open-rewards.ts'
import { splitByWeight } from './split-by-weight.ts'
import { bookArbitrary, rewardRow, testClock, workRow } from './testing/rows.ts'

let directory: string
let count = 0

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-totals-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const localDay = (epochMs: number) => `day ${Math.floor(epochMs / 300_000)}`
const openHistory = () => openEarningHistory(join(directory, `${count++}.sqlite`), 'model')
const sum = (values: Iterable<bigint>) => [...values].reduce((total, value) => total + value, 0n)

function totalsOf(rows: readonly GatheredRow[]): BookTotals {
  const totals = new BookTotals({ clock: testClock, localDay })
  for (const row of rows) totals.add({ ...row, ofSeconds: null })
  return totals
}

const dueSeconds = (ofSeconds: number) => dueSecondsOf(epochOf(ofSeconds, testClock), testClock)

/** The totals of a history that never grew or forgot. */
function addedAtOnce(rows: readonly GatheredRow[], through: number): BookTotals {
  const history = openHistory()
  const kept = rows.filter((row) => row.blockNumber <= through)
  history.append(kept, { blockNumber: through, blockHash: '0x' }, dueSeconds)
  const totals = new BookTotals({ clock: testClock, localDay })
  for (const row of history.after(null, 1000)) totals.add(row)
  history.close()
  return totals
}

/** All that can be asked of totals, to compare two of them. */
const shapeOf = (totals: BookTotals) => ({
  sums: { ...totals.sums },
  days: totals.days,
  epochs: totals.epochs,
  lifetime: totals.lifetime,
  open: totals.openWeights(),
  split: chainRoleNames.map((role) => totals.splitOpenReward(role, 1000n)),
  paid: chainRoleNames.map((role) => totals.paidAtSeconds(role)),
  rewards: chainRoleNames.map((role) => totals.rewardWei(role)),
})

describe('totals', () => {
  test('agree with adding up every line, and days, epochs, roles and nodes each add up to what was earned', () => {
    fc.assert(
      fc.property(bookArbitrary, (rows) => {
        const totals = totalsOf(rows)
        const of = (...kinds: GatheredRow['kind'][]) =>
          sum(rows.filter((row) => kinds.includes(row.kind)).map((row) => row.amountWei))
        expect(totals.sums).toEqual({
          rows: rows.length,
          workWei: of('work'),
          rewardWei: of('reward'),
          claimedWei: of('claim'),
          movedToStakeWei: of('stake'),
          burnedWei: sum(rows.map((row) => row.burnedWei)),
        })
        const earned = of('work', 'reward')
        expect(totals.lifetime.earnedWei).toBe(earned)
        expect(sum(totals.lifetime.byRole.values())).toBe(earned)
        expect(sum(totals.lifetime.byNode.values())).toBe(earned)
        expect(sum([...totals.days.values()].map((day) => day.earnedWei))).toBe(earned)
        expect(sum([...totals.epochs.values()].map((epoch) => epoch.earnedWei))).toBe(earned)
        expect(sum(chainRoleNames.map((role) => totals.rewardWei(role)))).toBe(of('reward'))
      }),
    )
  })

  test('have the weights of open epochs that the reward rules give, dust included', () => {
    fc.assert(
      fc.property(bookArbitrary, (rows) => {
        const payments = rows
          .filter((row) => row.kind === 'work')
          .map((row) => ({
            operator: '',
            role: chainRoleNames.indexOf(row.role!),
            epoch: epochOf(row.atSeconds, testClock),
            burnedWei: row.burnedWei,
          }))
        const last = new Map(weighPayments(payments).map((weight) => [weight.role, weight]))
        const expected = [...last.values()].map(({ role, epoch, weightGwei }) => [
          chainRoleNames[role],
          epoch,
          weightGwei,
        ])
        const found = totalsOf(rows).openWeights()
        expect(new Set(found.map(({ role, epoch, weightGwei }) => [role, epoch, weightGwei].join()))).toEqual(
          new Set(expected.map((one) => one.join())),
        )
      }),
    )
  })

  test('lay a reward to the nodes on whose work its fee was burned, and give the odd wei to the one with most', () => {
    const totals = totalsOf([
      workRow(1, 610, { node: '0xAA', burnedWei: 20n }),
      workRow(2, 620, { node: '0xBB', burnedWei: 10n }),
      rewardRow(3, 670, { amountWei: 10n }),
      workRow(3, 670, { node: '0xBB', burnedWei: 7n }),
    ])
    expect(totals.lifetime.byNode).toEqual(
      new Map([
        ['0xAA', 95n + 7n],
        ['0xBB', 190n + 3n],
      ]),
    )
    expect(totals.splitOpenReward('storage', 5n)).toEqual(new Map([['0xBB', 5n]]))
  })

  test('know no epochs without a clock, and everything else as with one', () => {
    const rows = [workRow(1, 610), rewardRow(2, 670), workRow(2, 670)]
    const without = new BookTotals({ clock: null, localDay })
    for (const row of rows) without.add({ ...row, ofSeconds: null })
    expect(without.openWeights()).toEqual([])
    expect(without.epochs.size).toBe(0)
    expect(without.lifetime).toEqual(totalsOf(rows).lifetime)
  })
})

test('the parts of a split add up to the amount and follow the weights', () => {
  const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.bigInt({ min: 0n, max: 10n ** 20n }), { minKeys: 1 })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), weights, (wei, given) => {
      const parts = splitByWeight(wei, new Map(Object.entries(given)))
      expect(sum(parts.values())).toBe(wei)
      expect([...parts.values()].every((part) => part >= 0n)).toBe(true)
    }),
  )
})

test('totals that follow a history, also where it forgets, are those of what it then has', () => {
  const cut = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 4 })
  fc.assert(
    fc.property(bookArbitrary, cut, (rows, cuts) => {
      const history = openHistory()
      const following = followTotals(history, localDay)
      following.useClock(testClock)
      let through = 0
      const grow = (to: number) => {
        const fresh = rows.filter((row) => row.blockNumber > through && row.blockNumber <= to)
        through = Math.max(through, to)
        history.append(fresh, { blockNumber: through, blockHash: `0x${through}` }, dueSeconds)
      }
      for (const to of cuts) {
        if (to < through) {
          history.rewindTo(to)
          through = to
        } else grow(to)
        expect(shapeOf(following.totals())).toEqual(shapeOf(addedAtOnce(rows, through)))
      }
      grow(1000)
      expect(shapeOf(following.totals())).toEqual(shapeOf(addedAtOnce(rows, 1000)))
      history.close()
    }),
    { numRuns: 40 },
  )
})
