import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RoleName, roleNames } from '../../roles/api/roles.ts'
import { netProfits, ownSurplus, powerCostWei, splitBySource, wattsByRole, type MachinePower } from './weigh-power.ts'

const tariff = { retailWeiPerWh: 300_000n * 10n ** 9n, feedInWeiPerWh: 80_000n * 10n ** 9n }

describe('own surplus', () => {
  it('is what flows into the grid now, and what the forecast leaves over', () => {
    expect(ownSurplus({ powerW: -1200, atMs: 0 }, { generationWh: 700, loadWh: 250 }, 60_000)).toEqual({
      nowWatts: 1200,
      nextSlotWh: 450,
    })
    expect(ownSurplus({ powerW: 800, atMs: 0 }, { generationWh: 0, loadWh: 250 }, 0)).toEqual({
      nowWatts: 0,
      nextSlotWh: 0,
    })
  })

  it('is unknown without a meter, and when the meter was not heard for more than two minutes', () => {
    expect(ownSurplus(null, null, 0)).toEqual({ nowWatts: null, nextSlotWh: null })
    expect(ownSurplus({ powerW: -1200, atMs: 0 }, null, 120_001).nowWatts).toBeNull()
  })
})

describe('watts by role', () => {
  const power: MachinePower = {
    totalWatts: 260,
    idleWatts: 60,
    graphicsWatts: 170,
    graphicsIdleWatts: 20,
    roles: [
      { role: 'storage', cpuShare: 0.2, gpuShare: 0 },
      { role: 'render', cpuShare: 0.2, gpuShare: 0.75 },
    ],
    own: { cpuShare: 0.1, gpuShare: 0.25 },
  }

  it('go by graphics time for the card and by processor time for the rest', () => {
    const watts = wattsByRole(power)!
    expect(watts.get('storage')).toBeCloseTo(20)
    expect(watts.get('render')).toBeCloseTo(20 + 112.5)
  })

  it('are unknown where nothing measures the machine', () => {
    expect(wattsByRole({ ...power, totalWatts: null })).toBeNull()
  })

  it('are never negative and never sum to more than the machine draws above idle', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const watts = fc.double({ min: 0, max: 2000, noNaN: true })
    fc.assert(
      fc.property(
        watts,
        watts,
        watts,
        watts,
        share,
        share,
        share,
        (totalWatts, idleWatts, graphicsWatts, graphicsIdleWatts, a, b, c) => {
          const roles = [
            { role: 'storage', cpuShare: a, gpuShare: b },
            { role: 'render', cpuShare: b, gpuShare: c },
          ] as const
          const own = { cpuShare: c, gpuShare: a }
          const byRole = [
            ...wattsByRole({ totalWatts, idleWatts, graphicsWatts, graphicsIdleWatts, roles, own })!.values(),
          ]
          const most = Math.max(0, totalWatts - idleWatts, graphicsWatts - graphicsIdleWatts)
          expect(byRole.every((one) => one >= 0)).toBe(true)
          expect(byRole.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(most + 1e-6)
        },
      ),
    )
  })
})

describe('what energy costs and what is left', () => {
  it('is retail from the grid, and from the own sun what giving it away would have brought', () => {
    expect(powerCostWei({ fromSunWh: 10, fromGridWh: 5 }, tariff)).toBe(
      10n * tariff.feedInWeiPerWh + 5n * tariff.retailWeiPerWh,
    )
  })

  it('takes the sun first and shares it by use, rounded against the sun', () => {
    const used = new Map<RoleName, number>([
      ['storage', 10],
      ['render', 90],
    ])
    expect([...splitBySource(used, 55).values()]).toEqual([
      { fromSunWh: 5, fromGridWh: 5 },
      { fromSunWh: 49, fromGridWh: 41 },
    ])
    expect(splitBySource(used, 200).get('render')).toEqual({ fromSunWh: 90, fromGridWh: 0 })
    expect(splitBySource(used, -3).get('render')).toEqual({ fromSunWh: 0, fromGridWh: 90 })
  })

  it('says of each role what it brought, what it cost, and that it may cost more than it brings', () => {
    const earned = new Map<RoleName, bigint>([['storage', 10n ** 18n]])
    const energy = new Map<RoleName, { fromSunWh: number; fromGridWh: number }>([
      ['render', { fromSunWh: 0, fromGridWh: 100 }],
    ])
    const profits = netProfits(earned, energy, tariff)
    expect(profits.get('storage')).toEqual({ earnedWei: 10n ** 18n, costWei: 0n, netWei: 10n ** 18n })
    expect(profits.get('render')!.netWei).toBe(-100n * tariff.retailWeiPerWh)
  })

  it('accounts for every Wh once, whatever the sun gives', () => {
    const used = fc.dictionary(fc.constantFrom(...roleNames), fc.double({ min: 0, max: 5000, noNaN: true }))
    fc.assert(
      fc.property(used, fc.double({ min: -100, max: 20_000, noNaN: true }), (record, surplus) => {
        const wattHours = new Map(Object.entries(record) as [RoleName, number][])
        for (const [role, { fromSunWh, fromGridWh }] of splitBySource(wattHours, surplus)) {
          expect(fromSunWh + fromGridWh).toBe(Math.ceil(wattHours.get(role)!))
          expect(fromSunWh >= 0 && fromGridWh >= 0).toBe(true)
        }
        const sun = [...splitBySource(wattHours, surplus).values()].reduce((sum, one) => sum + one.fromSunWh, 0)
        expect(sun).toBeLessThanOrEqual(Math.max(0, surplus) + 1e-6)
      }),
    )
  })
})
