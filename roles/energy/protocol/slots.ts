/** Lengths of the energy market, from `contracts/script/parameters.ts` (DESIGN 4); handed in, so that practice and real differ in nothing else. */
export type EnergyTiming = {
  readonly slotSeconds: number
  /** How long before its slot the gate closes. */
  readonly gateSeconds: number
  /** How long after the gate orders may be revealed. */
  readonly revealSeconds: number
  /** How long a settler may take to answer before the next one takes over. */
  readonly receiptSeconds: number
  readonly slotsPerDay: number
}

/** Number of the slot that runs at a time: whole slots since 1970. */
export function slotAt(timing: EnergyTiming, epochSeconds: number): number {
  return Math.floor(epochSeconds / timing.slotSeconds)
}

/** The energy day that a slot belongs to; on a real network the UTC day. */
export function dayOfSlot(timing: EnergyTiming, slot: number): number {
  return Math.floor(slot / timing.slotsPerDay)
}

/** First slot of a day. */
export function firstSlotOf(timing: EnergyTiming, day: number): number {
  return day * timing.slotsPerDay
}

/** When a slot's market does what, in epoch seconds. */
export type SlotTimes = {
  /** Hashes must be out before this. */
  readonly gateAt: number
  readonly startsAt: number
  readonly endsAt: number
}

export function slotTimes(timing: EnergyTiming, slot: number): SlotTimes {
  const startsAt = slot * timing.slotSeconds
  return { gateAt: startsAt - timing.gateSeconds, startsAt, endsAt: startsAt + timing.slotSeconds }
}

/** Settlers that can follow one another: the last has its time to collect, and some is left before the slot begins to say the result. At least one. */
export function settlersPerSlot(timing: EnergyTiming): number {
  return Math.max(1, Math.ceil((timing.gateSeconds - timing.revealSeconds) / timing.receiptSeconds))
}

/** When the settler of a rank (0 = elected first) may act: each that is silent costs one receipt time. */
export function settlerTimes(
  timing: EnergyTiming,
  slot: number,
  rank: number,
): { readonly beginsAt: number; readonly revealsUntil: number } {
  const beginsAt = slotTimes(timing, slot).gateAt + rank * timing.receiptSeconds
  return { beginsAt, revealsUntil: beginsAt + timing.revealSeconds }
}
