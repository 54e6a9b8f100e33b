import { z } from 'zod'

/** What is known of the place where a meter hangs: what admission told, and where the house stands. */
export const meterSiteSchema = z.strictObject({
  /** `grid`: between house and grid, both directions. `generation`: behind the panels, its export is what they give. */
  kind: z.enum(['grid', 'generation']),
  /** Identity of the admitted meter; null where the meter tells none. */
  meterId: z.string().nullable(),
  /** What the fuse of the connection carries, in watts (three phases of 25 A are 17250). */
  connectionW: z.int().positive(),
  /** Peak power of the panels in watts; 0 where there are none. */
  panelPeakW: z.int().nonnegative(),
  /** A battery gives at night, also through the grid's meter. */
  hasBattery: z.boolean(),
  /** Where the sun is looked for; null leaves the rule about night out. */
  place: z
    .strictObject({ latitudeDegrees: z.number().min(-90).max(90), longitudeDegrees: z.number().min(-180).max(180) })
    .nullable(),
  nominalVolts: z.number().positive(),
  nominalHertz: z.number().positive(),
})
export type MeterSite = z.infer<typeof meterSiteSchema>
