import type { Certified } from './settlement/day-record.ts'

/** A generation meter over one slot. */
export type GenerationSlot = {
  readonly slot: number
  readonly generationWh: number
  /** Of the connection, in the same slot. */
  readonly exportWh: number
  /** What the home sold to neighbours and they took. */
  readonly matchedWh: number
  /** False where a reading was estimated or failed a plausibility check: it is neither certified nor green. */
  readonly counts: boolean
}

/** A generation meter over a day. */
export type GenerationDay = {
  readonly node: string
  /** 32 bytes as hex; one generation meter per connection. */
  readonly meter: string
  /** Its register at the day's borders. */
  readonly fromRegisterWh: number
  readonly toRegisterWh: number
  readonly slots: readonly GenerationSlot[]
}

export type Certification =
  | { readonly kind: 'certified'; readonly certified: Omit<Certified, 'salt'> }
  | {
      readonly kind: 'refused'
      readonly reason: 'registerWentBack' | 'alreadyCertified' | 'nothing'
      readonly sentence: string
    }

/**
 * What a day's generation is certified for (PROTOCOL 7.2). Pure. Minted is what the counted slots made, never more than the register moved; of
 * each slot, what was sold counts as green up to min(generation, export), so that energy bought or drawn from the grid never turns green.
 *
 * `certifiedUpToWh` is the end of the last certified range of this meter: a range is consumed once.
 */
export function certifyDay(day: GenerationDay, certifiedUpToWh: number): Certification {
  const { node, meter, fromRegisterWh, toRegisterWh, slots } = day
  if (toRegisterWh < fromRegisterWh)
    return refuse(
      'registerWentBack',
      `The register of meter ${meter} went from ${fromRegisterWh} to ${toRegisterWh} Wh.`,
    )
  if (fromRegisterWh < certifiedUpToWh)
    return refuse(
      'alreadyCertified',
      `Meter ${meter} is certified up to ${certifiedUpToWh} Wh; the day begins at ${fromRegisterWh}.`,
    )
  const counted = slots.filter(({ counts }) => counts)
  const generated = counted.reduce((sum, { generationWh }) => sum + generationWh, 0)
  const mintedWh = Math.min(generated, toRegisterWh - fromRegisterWh)
  if (mintedWh === 0) return refuse('nothing', `Meter ${meter} made nothing that can be certified.`)
  const green = counted.reduce((sum, one) => sum + greenWh(one), 0)
  const certified = { node, meter, fromRegisterWh, toRegisterWh, mintedWh, greenTradedWh: Math.min(green, mintedWh) }
  return { kind: 'certified', certified }
}

/** What of a slot's sales was generated there and then. */
export function greenWh({ generationWh, exportWh, matchedWh }: GenerationSlot): number {
  return Math.min(generationWh, exportWh, matchedWh)
}

/** Pairs of certified ranges of one meter that overlap: the same sun sold twice. Indexes into the list. */
export function findConsumedTwice(
  list: readonly Pick<Certified, 'meter' | 'fromRegisterWh' | 'toRegisterWh'>[],
): [number, number][] {
  const order = list
    .map((one, index) => ({ ...one, index }))
    .sort((left, right) => compareText(left.meter, right.meter) || left.fromRegisterWh - right.fromRegisterWh)
  const twice: [number, number][] = []
  let reach = order[0]
  for (const one of order.slice(1)) {
    const same = reach !== undefined && compareText(reach.meter, one.meter) === 0
    if (same && one.fromRegisterWh < reach!.toRegisterWh) twice.push([reach!.index, one.index])
    if (!same || one.toRegisterWh > reach!.toRegisterWh) reach = one
  }
  return twice
}

function compareText(left: string, right: string): number {
  const [one, other] = [left.toLowerCase(), right.toLowerCase()]
  return one < other ? -1 : one > other ? 1 : 0
}

function refuse(reason: 'registerWentBack' | 'alreadyCertified' | 'nothing', sentence: string): Certification {
  return { kind: 'refused', reason, sentence }
}
