import { z } from 'zod'
import { meterChoiceSchema } from '../../roles/api/energy-status.ts'
import { leaveIntentSchema } from '../../roles/api/leaving.ts'
import { roleNameSchema } from '../../roles/api/roles.ts'

/** What a person wants of one disk of a role. */
export const diskIntentSchema = z.object({
  /** A disk or folder; null is the disk of the home. */
  path: z.string().nullable(),
  limitBytes: z.number().int().positive().nullable(),
  /** Its pieces move to other disks; once it is empty it goes from the list. */
  leaving: z.boolean().default(false),
  /** The only disk that they move to, by its path (`home` is the disk of the home); null for any with room. */
  moveTo: z.string().nullable().default(null),
  /** It never comes back: its pieces are given up, and it goes from the list. Only there when the person said so. */
  lost: z.literal(true).optional(),
})

export type DiskIntent = Readonly<z.infer<typeof diskIntentSchema>>

/** What a person wants of a role; the engine watches it, so the command line and the window may both write it. */
const roleIntentFields = z.object({
  on: z.boolean(),
  /** Run by my rules, or run now anyway until a time (epoch milliseconds); kept apart so that neither overwrites the other. */
  runAnywayUntilMs: z.number().nullable(),
  pausedUntilMs: z.number().nullable(),
  /** The disks that the role may use; the first is the one that was chosen first. */
  disks: z.array(diskIntentSchema).min(1).readonly(),
  /** Pieces on their way between disks wait. */
  movesPaused: z.boolean().default(false),
  /** Storage leaves for good; null: it does not. */
  leaving: leaveIntentSchema.nullable().default(null),
  /** Share of the time that rendering may keep the graphics processor busy; null for the usual one. */
  gpuShare: z.number().min(0.1).max(1).nullable().default(null),
  /** The meter of the energy role; absent until one is chosen. */
  meter: meterChoiceSchema.nullish(),
  uploadBytesPerSecond: z.number().int().positive().nullable(),
  downloadBytesPerSecond: z.number().int().positive().nullable(),
  /** Epoch milliseconds when the person read what the role does and agreed; null = never. */
  consentedAtMs: z.number().nullable(),
})

/** Settings from before a role could have several disks name one by two fields of their own. */
export const roleIntentSchema = z.preprocess(withDisks, roleIntentFields)

function withDisks(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'disks' in value || !('diskPath' in value)) return value
  const { diskPath, diskLimitBytes, ...intent } = value as Record<string, unknown>
  return { ...intent, disks: [{ path: diskPath, limitBytes: diskLimitBytes ?? null }] }
}

export type RoleIntent = Readonly<z.infer<typeof roleIntentSchema>>

export const settingsSchema = z.object({
  formatVersion: z.literal(1),
  theme: z.enum(['system', 'light', 'dark']),
  pausedAllUntilMs: z.number().nullable(),
  diskReserveBytes: z.number().int().nonnegative(),
  pauseOnBattery: z.boolean(),
  /** Below so many micro-tokens a claim is not advised; settings from before this existed have none. */
  claimMinimumMicro: z
    .string()
    .regex(/^\d{1,13}$/)
    .default('0'),
  roles: z.partialRecord(roleNameSchema, roleIntentSchema),
})

export type Settings = Readonly<z.infer<typeof settingsSchema>>

/** The disk of the home, without a limit. */
export const untouchedDisk: DiskIntent = { path: null, limitBytes: null, leaving: false, moveTo: null }

/** An intent that nobody has touched. */
export const untouchedIntent: RoleIntent = {
  on: false,
  runAnywayUntilMs: null,
  pausedUntilMs: null,
  disks: [untouchedDisk],
  movesPaused: false,
  leaving: null,
  gpuShare: null,
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
  claimMinimumMicro: '0',
  roles: {},
}
