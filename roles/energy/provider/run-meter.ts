import type { MeterDriver, MeterReading } from '../../../resources/meters/index.ts'
import type { MeterSite } from '../../../resources/meters/plausibility/index.ts'
import type { Log } from '../../api/values.ts'
import type { Problems } from '../../upkeep/problems.ts'
import type { EnergyTiming } from '../protocol/slots.ts'
import type { ReadingBook } from './reading-book.ts'
import { type MeteredSlot, signSlots, type SlotSigning } from './sign-slots.ts'

/** What the energy worker's meter needs. */
export type MeterParts = {
  readonly driver: MeterDriver
  readonly site: MeterSite
  readonly timing: Pick<EnergyTiming, 'slotSeconds' | 'slotsPerDay'>
  readonly signing: SlotSigning | null
  readonly book: ReadingBook
  readonly problems: Pick<Problems, 'raise' | 'solve'>
  readonly log: Log
}

/** Who hears of a meter. */
export type MeterEars = {
  readonly reading?: (reading: MeterReading) => void
  /** A slot, after it is on the disk. */
  readonly slot: (slot: MeteredSlot) => void
}

/** A meter at work. */
export type RunningMeter = {
  /** Ends reading; resolves when all slots that were finished are kept, or could not be. */
  stop(): Promise<void>
}

/** The one problem of a meter that a person sees; its words change with what is wrong. */
export const meterProblem = 'METER_AWAY'

/**
 * Reads the meter, makes slots of it, signs what was measured and keeps it, in this order: on the disk first, then told. Goes on where the
 * run before ended; trouble with the line is a problem in words until the next reading.
 */
export function runMeter(parts: MeterParts, ears: MeterEars): RunningMeter {
  const { driver, book, problems, log } = parts
  const unread = driver.subscribe({
    reading(reading) {
      problems.solve(meterProblem)
      ears.reading?.(reading)
    },
    trouble: ({ message }) => problems.raise({ code: meterProblem, message, action: null }),
  })
  const { undo, settled } = signSlots({
    ...parts,
    resume: book.resume(),
    onTrouble() {},
    onSlot(slot, meter) {
      if (book.keep(slot, meter)) return ears.slot(slot)
      log.warn('A slot was finished twice; the first stays.', { slot: slot.energy.slot })
    },
  })
  return {
    async stop() {
      undo()
      unread()
      await settled()
    },
  }
}
