import type { RoleName } from '../../roles/api/roles.ts'

/** The house's meter as last heard: taken from the grid positive, given to it negative. */
export type MeterPower = { readonly powerW: number; readonly atMs: number }

/** What the energy role expects of the next slot. */
export type NextSlot = { readonly generationWh: number; readonly loadWh: number }

/** What is left over of the own panels. Null where nobody can tell. */
export type Surplus = {
  /** Watts that flow into the grid now, with everything that runs here running; never negative. */
  readonly nowWatts: number | null
  /** Wh that will be left over in the next slot; never negative. */
  readonly nextSlotWh: number | null
}

/** A meter that was not heard for longer says nothing of now. */
const heardWithinMs = 2 * 60_000

/** Own surplus now and in the next slot, from the house's meter and the forecast. Pure. */
export function ownSurplus(meter: MeterPower | null, next: NextSlot | null, nowMs: number): Surplus {
  const isFresh = meter !== null && Math.abs(nowMs - meter.atMs) <= heardWithinMs
  return {
    nowWatts: isFresh ? Math.max(0, -meter.powerW) : null,
    nextSlotWh: next === null ? null : Math.max(0, next.generationWh - next.loadWh),
  }
}

/** What a machine draws and how busy each role keeps it. */
export type MachinePower = {
  /** The whole machine at its plug; null where nothing measures it. */
  readonly totalWatts: number | null
  /** The same with all roles off. */
  readonly idleWatts: number
  /** Graphics card alone, as its driver says; null where it does not. */
  readonly graphicsWatts: number | null
  readonly graphicsIdleWatts: number
  /** Shares of processor and graphics time in [0, 1] by role; the person's own programs are not among them. */
  readonly roles: readonly { readonly role: RoleName; readonly cpuShare: number; readonly gpuShare: number }[]
  /** Processor and graphics time that is the person's own. */
  readonly own: { readonly cpuShare: number; readonly gpuShare: number }
}

/**
 * Watts that each role costs: what the graphics card draws above idle goes by graphics time, the rest above idle by processor time, and what the
 * person's own programs use is nobody's role. Null where nothing is measured: a guess would be shown as a fact. Pure.
 */
export function wattsByRole(power: MachinePower): ReadonlyMap<RoleName, number> | null {
  const { totalWatts, idleWatts, graphicsWatts, graphicsIdleWatts, roles, own } = power
  if (totalWatts === null) return null
  const graphics = graphicsWatts === null ? 0 : Math.max(0, graphicsWatts - graphicsIdleWatts)
  const rest = Math.max(0, totalWatts - idleWatts - graphics)
  const cpu = own.cpuShare + roles.reduce((sum, { cpuShare }) => sum + cpuShare, 0)
  const gpu = own.gpuShare + roles.reduce((sum, { gpuShare }) => sum + gpuShare, 0)
  const partOf = (watts: number, share: number, all: number): number => (all === 0 ? 0 : (watts * share) / all)
  return new Map(
    roles.map(({ role, cpuShare, gpuShare }) => [role, partOf(rest, cpuShare, cpu) + partOf(graphics, gpuShare, gpu)]),
  )
}

/** The person's prices of electricity, in wei of the network's token per Wh. */
export type PowerTariff = {
  readonly retailWeiPerWh: bigint
  /** What a Wh brings that is given away instead of used: the feed-in price, or what neighbours pay now where that is more. */
  readonly feedInWeiPerWh: bigint
}

/** Energy of a role over some time, by where it came from. Whole Wh. */
export type RoleEnergy = { readonly fromSunWh: number; readonly fromGridWh: number }

/** What a role's energy cost: from the grid at retail; from the own sun what giving it away would have brought. Whole Wh; exact. */
export function powerCostWei({ fromSunWh, fromGridWh }: RoleEnergy, tariff: PowerTariff): bigint {
  return BigInt(fromGridWh) * tariff.retailWeiPerWh + BigInt(fromSunWh) * tariff.feedInWeiPerWh
}

/**
 * Where the energy of running roles comes from in a span of time: own surplus first, which is what would flow out with all roles off, shared
 * in proportion to use. Whole Wh, rounded against the sun, so that no role is called free that is not quite. Pure.
 */
export function splitBySource(
  wattHours: ReadonlyMap<RoleName, number>,
  surplusWithoutRolesWh: number,
): ReadonlyMap<RoleName, RoleEnergy> {
  const all = [...wattHours.values()].reduce((sum, one) => sum + one, 0)
  const covered = all === 0 ? 0 : Math.min(1, Math.max(0, surplusWithoutRolesWh) / all)
  return new Map(
    [...wattHours].map(([role, used]) => {
      const whole = Math.ceil(used)
      const fromSunWh = Math.min(whole, Math.floor(used * covered))
      return [role, { fromSunWh, fromGridWh: whole - fromSunWh }]
    }),
  )
}

/** What a role brought and cost in a span of time. */
export type RoleProfit = { readonly earnedWei: bigint; readonly costWei: bigint; readonly netWei: bigint }

/** Net profit of every role that earned or used something; negative where a role costs more than it brings. Pure. */
export function netProfits(
  earnedWei: ReadonlyMap<RoleName, bigint>,
  energy: ReadonlyMap<RoleName, RoleEnergy>,
  tariff: PowerTariff,
): ReadonlyMap<RoleName, RoleProfit> {
  const roles = new Set([...earnedWei.keys(), ...energy.keys()])
  return new Map(
    Array.from(roles, (role) => {
      const earned = earnedWei.get(role) ?? 0n
      const costWei = powerCostWei(energy.get(role) ?? { fromSunWh: 0, fromGridWh: 0 }, tariff)
      return [role, { earnedWei: earned, costWei, netWei: earned - costWei }]
    }),
  )
}
