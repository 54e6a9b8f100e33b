import { z } from 'zod'
import { diskAllowanceSchema } from './disks.ts'
import { leaveIntentSchema } from './leaving.ts'

/** Why the governor lets a role work less than it could, or not at all. */
export const reasonCodeSchema = z.enum([
  'allowed',
  'switchedOff',
  'pausedByPerson',
  'runNowOverride',
  'outsideSchedule',
  'userActive',
  'onBattery',
  'meteredNetwork',
  'tooWarm',
  'fullScreenApp',
  'cpuBusy',
  'gpuInUse',
  'diskReserveReached',
  'diskLimitReached',
  'diskUnavailable',
  'diskReadOnly',
  'networkUnreachable',
])

export type ReasonCode = z.infer<typeof reasonCodeSchema>

/**
 * What the governor lets one role use right now. Roles take limits only from here.
 *
 * `work` says whether new work may be taken: `full`, `throttled` (keep serving, take less) or `paused`.
 * Amounts are upper bounds; `null` means the governor sets none.
 */
export const allowanceSchema = z.object({
  work: z.enum(['full', 'throttled', 'paused']),
  reason: reasonCodeSchema,
  /** Epoch milliseconds when the reason is known to end, else null. */
  resumesAtMs: z.number().nullable(),
  /** Bytes this role may occupy on the chosen disk in total. */
  diskLimitBytes: z.number().int().nonnegative().nullable(),
  /** Free bytes that must remain on that disk whatever the limit says. */
  diskReserveBytes: z.number().int().nonnegative().nullable(),
  /** The disks of storage, each with its own limit; without it the work directory is the only one. */
  disks: z.array(diskAllowanceSchema).readonly().optional(),
  /** Pieces on their way between disks wait until this is lifted. */
  movesPaused: z.boolean().optional(),
  /** The person wants to leave: nothing new is taken, what is held goes to heirs. */
  leaving: leaveIntentSchema.nullable().optional(),
  uploadBytesPerSecond: z.number().int().nonnegative().nullable(),
  downloadBytesPerSecond: z.number().int().nonnegative().nullable(),
  cpuShare: z.number().min(0).max(1).nullable(),
  /** Share of the time that the graphics processor may be kept busy; 0 pauses a unit where it is. Null or absent: no bound. */
  gpuShare: z.number().min(0).max(1).nullish(),
})

export type Allowance = Readonly<z.infer<typeof allowanceSchema>>
