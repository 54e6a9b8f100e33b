import { z } from 'zod'

/** The meter that a person has chosen for the energy role, and what is known of the house; DESIGN 5.3. */
export const meterChoiceSchema = z.object({
  /** Driver and target as `hearth meter read` takes them; the target may hold a broker's password. */
  driver: z.string(),
  target: z.string(),
  /** `grid`: between house and grid. `generation`: behind the panels. */
  kind: z.enum(['grid', 'generation']),
  /** What the fuse of the connection carries, in watts. */
  connectionW: z.number().int().positive(),
  /** Peak power of the panels in watts; 0 where there are none. */
  panelPeakW: z.number().int().nonnegative(),
  hasBattery: z.boolean(),
  /** Where the house stands, for the sun; null leaves the rule about night out. Never leaves this computer. */
  place: z
    .object({ latitudeDegrees: z.number().min(-90).max(90), longitudeDegrees: z.number().min(-180).max(180) })
    .nullable(),
})

export type MeterChoice = Readonly<z.infer<typeof meterChoiceSchema>>

const wattHours = z.number().int().nonnegative().nullable()

/** What an energy worker shows of its meter. */
export const energyStatusSchema = z.object({
  driver: z.string(),
  /** The meter's own identity; null before the first reading, or where it tells none. */
  meterId: z.string().nullable(),
  /** Epoch milliseconds of the last reading; null before the first. */
  lastReadingAtMs: z.number().nullable(),
  /** Taken from the grid positive, given to it negative. */
  powerW: z.number().int().nullable(),
  importWh: wattHours,
  exportWh: wattHours,
  /** The slot that ended last. */
  lastSlot: z
    .object({
      slot: z.number().int(),
      importWh: wattHours,
      exportWh: wattHours,
      quality: z.enum(['measured', 'estimated']),
      /** Codes of what was found; the app has the sentences. */
      findings: z.array(z.string()).readonly(),
    })
    .nullable(),
  /** Slots since the start of this run, by whether they counted. */
  slotsMeasured: z.number().int().nonnegative(),
  slotsEstimated: z.number().int().nonnegative(),
})

export type EnergyStatus = Readonly<z.infer<typeof energyStatusSchema>>
