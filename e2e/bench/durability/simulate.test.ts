import { describe, expect, it } from 'vitest'
import { profiles, repairThreshold } from '../../../roles/storage/protocol/profiles.ts'
import { binomialTail, chanceOfSoFew, quantileDays } from './bounds.ts'
import { simulateDetection } from './detection.ts'
import { simulate } from './simulate.ts'

const profile = profiles.find((one) => one.k === 8)!
const world = {
  providers: 2_000,
  files: 100,
  days: 200,
  profile,
  diskLossPerMonth: 0.02,
  leavePerMonth: 0.03,
  repair: true,
  seed: 1,
}

describe('the simulated network', () => {
  it('has three of four homes on, and is the same for the same seed', () => {
    const first = simulate(world)
    expect(first.online).toBeCloseTo(0.75, 1)
    expect(simulate(world)).toEqual(first)
    expect(simulate({ ...world, seed: 2 }).piecesMade).not.toBe(first.piecesMade)
  })

  it('loses nothing and moves nothing where no disk fails and nobody leaves', () => {
    const calm = { ...world, diskLossPerMonth: 0, leavePerMonth: 0 }
    expect(simulate({ ...calm, repair: false }).lostFiles).toBe(0)
    // Homes that are away for days are no loss: below the threshold of 11 of 20 they practically never fall together.
    expect(simulate(calm).repairs).toBeLessThan(5)
  })

  it('loses every file without repair when half of the disks fail each month, and counts them month by month', () => {
    const storm = simulate({ ...world, diskLossPerMonth: 0.5, repair: false })
    expect(storm.lostFiles).toBe(world.files)
    expect(storm.lostByMonth).toEqual([...storm.lostByMonth].sort((left, right) => left - right))
    expect(storm.lostByMonth.at(-1)).toBe(storm.lostFiles)
    expect(storm.repairs).toBe(0)
  })

  it('repairs each file that was due once, at least the pieces that were missing at the threshold', () => {
    const { repairs, piecesMade, waitedDays } = simulate({ ...world, diskLossPerMonth: 0.1 })
    expect(repairs).toBeGreaterThan(world.files)
    expect(piecesMade).toBeGreaterThanOrEqual(repairs * (profile.n - repairThreshold(profile.k, profile.n)))
    expect(waitedDays.reduce((sum, count) => sum + (count ?? 0), 0)).toBe(repairs)
  })
})

describe('its months', () => {
  it('add up to the year', () => {
    const year = simulate({ ...world, diskLossPerMonth: 0.1 })
    const sum = (of: 'lost' | 'repairs' | 'piecesMade' | 'provenSetDays' | 'days') =>
      year.months.reduce((total, month) => total + month[of], 0)
    expect([sum('lost'), sum('repairs'), sum('piecesMade')]).toEqual([year.lostFiles, year.repairs, year.piecesMade])
    expect([sum('provenSetDays'), sum('days')]).toEqual([year.provenSetDays, world.days])
  })

  it('move more bytes and lose fewer files the earlier a file is due', () => {
    const churn = { ...world, files: 300, diskLossPerMonth: 0.2, leavePerMonth: 0.2 }
    const [early, late] = [simulate({ ...churn, threshold: 14 }), simulate({ ...churn, threshold: 9 })]
    expect(early.piecesMade).toBeGreaterThan(late.piecesMade)
    expect(early.lostFiles).toBeLessThan(late.lostFiles)
  })
})

describe('the judgement of 1,000 simulated cheats', () => {
  it('lets chance be chance and finds a draw that catches too few', () => {
    expect(chanceOfSoFew(1_000, 779, 0.779)).toBeGreaterThan(0.4)
    expect(chanceOfSoFew(1_000, 750, 0.779)).toBeGreaterThan(0.001)
    expect(chanceOfSoFew(1_000, 735, 0.779)).toBeLessThan(0.001)
    expect(chanceOfSoFew(1_000, 1_000, 0.779)).toBeCloseTo(1, 9)
  })
})

describe('the figures beside it', () => {
  it('adds up binomial terms', () => {
    expect(binomialTail(10, 0, 0.3)).toBeCloseTo(1, 12)
    expect(binomialTail(3, 2, 0.5)).toBeCloseTo(0.5, 12)
  })

  it('finds the day by which a share of waits had ended', () => {
    expect(quantileDays([5, 3, 2], 0.5)).toBe(0)
    expect(quantileDays([5, 3, 2], 0.8)).toBe(1)
    expect(quantileDays([5, 3, 2], 0.999)).toBe(2)
  })

  it('catches who dropped everything at once, and never who dropped nothing', () => {
    const some = { leafCount: 1_000, periods: 3, runs: 20, seed: 3 }
    expect(simulateDetection({ ...some, dropped: 1 }).caught).toBe(20)
    expect(simulateDetection({ ...some, dropped: 0 }).caught).toBe(0)
  })
})
