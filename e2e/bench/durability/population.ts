import type { Offer } from '../../../roles/storage/customer/find-providers.ts'

export type PopulationOptions = {
  readonly providers: number
  /** Share of disks that fail within 30 days; what was on them is gone. */
  readonly diskLossPerMonth: number
  /** Share of homes that leave for good within 30 days; another one comes in their place. */
  readonly leavePerMonth: number
  readonly random: () => number
}

/** Homes over time, a day a step. Arrays are by provider. */
export type Population = {
  /** Counts what a home lost everything by: a piece is there as long as the number is that of its day of placement. */
  readonly generation: Uint32Array
  /** 1 where the home is on at the end of the day. */
  readonly online: Uint8Array
  /** The last day on which it was on at all, so that it could prove. */
  readonly lastOnlineDay: Int32Array
  /** What each home would answer to a customer. */
  readonly offers: readonly Offer[]
  /** Lives one day; returns the share of homes that are on at its end. */
  step(day: number): number
}

/**
 * On and off in turns, both exponentially long, three quarters of the time on. Four of five homes switch daily (18 hours on, 6
 * off); one of five goes away for days (nine days on, three off), which is what a threshold must not take for a loss.
 */
const rhythms = [
  { share: 0.8, onHours: 18, offHours: 6 },
  { share: 0.2, onHours: 216, offHours: 72 },
] as const
const daySeconds = 86_400
/** Homes that share an owner or a network with another one: about one in ten. */
const crowding = 0.9

export function createPopulation({
  providers,
  diskLossPerMonth,
  leavePerMonth,
  random,
}: PopulationOptions): Population {
  const generation = new Uint32Array(providers)
  const online = new Uint8Array(providers)
  const lastOnlineDay = new Int32Array(providers).fill(-1)
  const remainingHours = new Float32Array(providers)
  const rhythmOf = Uint8Array.from({ length: providers }, () => (random() < rhythms[0].share ? 0 : 1))
  const lossPerDay = perDay(diskLossPerMonth)
  const leavePerDay = perDay(leavePerMonth)
  const drawHours = (provider: number): number => {
    const { onHours, offHours } = rhythms[rhythmOf[provider]!]!
    return -Math.log(1 - random()) * (online[provider] === 1 ? onHours : offHours)
  }
  let comers = providers
  const offerOf = (identity: number, day: number): Offer => ({
    node: `node ${identity}`,
    operator: `operator ${Math.floor(identity * crowding)}`,
    prefix: `prefix ${Math.floor(random() * providers * crowding)}`,
    peerId: `${identity}`,
    boundAtSeconds: day * daySeconds,
    pricePerGiBPeriodWei: 100n,
    retrievalPricePerMiBWei: 1n,
    minimumBytesPerSecond: 0,
    freeBytes: 2 ** 40,
    taking: true,
    answeredInMs: 1,
  })
  const offers = Array.from({ length: providers }, (_, provider) => offerOf(provider, -365))
  for (let provider = 0; provider < providers; provider++) {
    online[provider] = random() < 0.75 ? 1 : 0
    remainingHours[provider] = drawHours(provider)
  }
  const liveOneDay = (provider: number, day: number): void => {
    let left = remainingHours[provider]!
    let hours = 24
    if (online[provider] === 1) lastOnlineDay[provider] = day
    while (left < hours) {
      hours -= left
      online[provider] = online[provider] === 1 ? 0 : 1
      if (online[provider] === 1) lastOnlineDay[provider] = day
      left = drawHours(provider)
    }
    remainingHours[provider] = left - hours
  }
  return {
    generation,
    online,
    lastOnlineDay,
    offers,
    step(day) {
      let on = 0
      for (let provider = 0; provider < providers; provider++) {
        liveOneDay(provider, day)
        const fate = random()
        if (fate < lossPerDay + leavePerDay) generation[provider]!++
        if (fate < leavePerDay) offers[provider] = offerOf(comers++, day)
        on += online[provider]!
      }
      return on / providers
    },
  }
}

/** What happens daily so that within 30 days the given share has met it. */
export function perDay(perMonth: number): number {
  return 1 - (1 - perMonth) ** (1 / 30)
}
