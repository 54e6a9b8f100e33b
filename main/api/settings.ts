import { z } from 'zod'
import { roleNameSchema } from '../../roles/api/roles.ts'

/** What a person wants of a role; the engine watches it, so the command line and the window may both write it. */
export const roleIntentSchema = z.object({
  on: z.boolean(),
  /** Run by my rules, or run now anyway until a time (epoch milliseconds); kept apart so that neither overwrites the other. */
  runAnywayUntilMs: z.number().nullable(),
  pausedUntilMs: z.number().nullable(),
  diskPath: z.string().nullable(),
  diskLimitBytes: z.number().int().positive().nullable(),
  uploadBytesPerSecond: z.number().int().positive().nullable(),
  downloadBytesPerSecond: z.number().int().positive().nullable(),
  /** Epoch milliseconds when the person read what the role does and agreed; null = never. */
  consentedAtMs: z.number().nullable(),
})

export type RoleIntent = Readonly<z.infer<typeof roleIntentSchema>>

export const settingsSchema = z.object({
  formatVersion: z.literal(1),
  theme: z.enum(['system', 'light', 'dark']),
  pausedAllUntilMs: z.number().nullable(),
  diskReserveBytes: z.number().int().nonnegative(),
  pauseOnBattery: z.boolean(),
  roles: z.partialRecord(roleNameSchema, roleIntentSchema),
})

export type Settings = Readonly<z.infer<typeof settingsSchema>>

/** An intent that nobody has touched. */
export const untouchedIntent: RoleIntent = {
  on: false,
  runAnywayUntilMs: null,
  pausedUntilMs: null,
  diskPath: null,
  diskLimitBytes: null,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  consentedAtMs: null,
}

export const defaultSettings: Settings = {
  formatVersion: 1,
  theme: 'system',
  pausedAllUntilMs: null,
  diskReserveBytes: 10 * 1024 ** 3,
  pauseOnBattery: true,
  roles: {},
}
