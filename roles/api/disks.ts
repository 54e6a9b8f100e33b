import { z } from 'zod'

/** Names the disk of the home where a disk is named by a text. */
export const homeDiskName = 'home'

/** One disk that the governor lets storage use. */
export const diskAllowanceSchema = z.object({
  /** As the person named it; null is the disk of the home. The window finds a disk by this. */
  path: z.string().nullable(),
  /** The folder of this node on it. */
  folder: z.string(),
  /** Bytes that pieces may occupy there by the person's wish; null when only the reserve bounds them. */
  limitBytes: z.number().int().nonnegative().nullable(),
  /** Its pieces move to other disks and nothing new comes. */
  leaving: z.boolean(),
  /** Name of the only disk that they may move to, its path or `home`; null for any with room. */
  moveTo: z.string().nullable(),
  /** The person says that it never comes back: what lay on it is given up, once. */
  lost: z.literal(true).optional(),
})

export type DiskAllowance = Readonly<z.infer<typeof diskAllowanceSchema>>

/** How a disk is. Only `ready` takes new pieces; `ready`, `full`, `slow` and `readOnly` are read from. */
export const diskStateSchema = z.enum([
  'checking',
  'ready',
  'full',
  'slow',
  'readOnly',
  'missing',
  'wrongDisk',
  'denied',
  'failing',
])

export type DiskState = z.infer<typeof diskStateSchema>

/** How the pieces of a disk are on their way to others. Bytes, bytes per second, epoch milliseconds. */
export const diskMoveSchema = z.object({
  state: z.enum(['moving', 'paused', 'noRoom']),
  piecesLeft: z.number().int(),
  bytesLeft: z.number().int(),
  bytesMoved: z.number().int(),
  bytesPerSecond: z.number().nullable(),
  /** When it is done at the speed of now; null while nobody can say. */
  endsAtMs: z.number().nullable(),
  /** Bytes that fit on no other disk: they stay until their customers end or this node gives them back. */
  withoutRoomBytes: z.number().int(),
})

export type DiskMove = Readonly<z.infer<typeof diskMoveSchema>>

/** How far the disk was read again. */
export const diskScrubSchema = z.object({
  /** Share of the bytes that were read since the round began, 0 to 1. */
  share: z.number().min(0).max(1),
  /** By then every piece of now will have been read again; null when that cannot be said. */
  readAgainByMs: z.number().nullable(),
  bytesPerSecond: z.number(),
  /** Why the whole disk is not read within 30 days, or null when it is. */
  late: z.enum(['diskTooLarge', 'offTooLong']).nullable(),
})

export type DiskScrub = Readonly<z.infer<typeof diskScrubSchema>>

/** What is on a disk, as the file system counts it. */
export const diskUsageSchema = z.object({
  countedAtMs: z.number(),
  /** Blocks of all piece files and folders, in bytes: what `du` says of the folder. */
  onDiskBytes: z.number().int(),
  temporaryFiles: z.number().int(),
  strayFiles: z.number().int(),
})

export type DiskUsage = Readonly<z.infer<typeof diskUsageSchema>>

/** One disk of the storage role as the window and `hearth role disks` show it. */
export const diskStatusSchema = z.object({
  path: z.string().nullable(),
  folder: z.string(),
  state: diskStateSchema,
  pieces: z.number().int(),
  /** Customers who have pieces there: each of their contracts would end if the disk were lost. */
  customers: z.number().int().optional(),
  /** Bytes of pieces by the index. */
  usedBytes: z.number().int(),
  reservedBytes: z.number().int(),
  freeBytes: z.number().int().nullable(),
  limitBytes: z.number().int().nullable(),
  /** Bytes of new pieces that would be taken now. */
  roomBytes: z.number().int(),
  leaving: z.boolean(),
  usage: diskUsageSchema.nullable(),
  writeBytesPerSecond: z.number().nullable(),
  latencyMs: z.number().nullable(),
  move: diskMoveSchema.nullable(),
  scrub: diskScrubSchema.nullable(),
})

export type DiskStatus = Readonly<z.infer<typeof diskStatusSchema>>

/** What the worker leaves for those who look without asking it: `disks.json` in its folder. */
export const disksFileSchema = z.object({
  formatVersion: z.literal(1),
  writtenAtMs: z.number(),
  disks: z.array(diskStatusSchema).readonly(),
})

/** Name of that file. */
export const disksFileName = 'disks.json'
