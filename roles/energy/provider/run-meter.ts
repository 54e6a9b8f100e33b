import type { MeterDriver } from '../../../resources/meters/index.ts'
import type { MeterSite } from '../../../resources/meters/plausibility/index.ts'
import type { Log } from '../../api/values.ts'
import type { Problems } from '../../upkeep/problems.ts'
import type { Community } from '../protocol/market.ts'
import type { EnergyTiming } from '../protocol/slots.ts'
import type { EnergyMessage } from '../protocol/typed-data.ts'
import type { ReadingBook } from './reading-book.ts'
import { type MeteredSlot, signSlots } from './sign-slots.ts'

/** What the energy worker's meter needs. */
export type MeterParts = {
  readonly driver: MeterDriver
  readonly site: MeterSite
  readonly timing: EnergyTiming
  readonly at: Community
  readonly node: string
  /** The admitted meter, 32 bytes as hex. */
  readonly meter: string
  readonly book: ReadingBook
  readonly problems: Pick<Problems, 'raise' | 'solve'>
  readonly sign: (message: EnergyMessage) => Promise<string>
  readonly randomHex: () => string
  readonly log: Log
}

/** A meter at work: tells each slot after it is on the disk. */
export type RunningMeter = {
  /** Ends reading; resolves when what was being signed is kept. */
  stop(): Promise<void>
}

/** The one problem of a meter that a person sees; its words change with what is wrong. */
export const meterProblem = 'METER_AWAY'

/**
 * Reads the meter, makes slots of it, signs what was measured and keeps it, in this order: on the disk first, then told. Goes on where the
 * run before ended; trouble with the line is a problem in words until the next reading.
 */
export function runMeter(parts: MeterParts, onSlot: (slot: MeteredSlot) => void): RunningMeter {
  const { driver, book, problems, log } = parts
  const unread = driver.subscribe({
    reading: () => problems.solve(meterProblem),
    trouble: ({ message }) => problems.raise({ code: meterProblem, message, action: null }),
  })
  let signing = Promise.resolve()
  const undo = signSlots({
    ...parts,
    sign(message) {
      const signed = parts.sign(message)
      signing = signed.then(
        () => {},
        () => {},
      )
      return signed
    },
    resume: book.resume(),
    onTrouble() {},
    onSlot(slot, meter) {
      if (book.keep(slot, meter)) return onSlot(slot)
      log.warn('A slot was finished twice; the first stays.', { slot: slot.energy.slot })
    },
  })
  return {
    async stop() {
      undo()
      unread()
      await signing
    },
  }
}
