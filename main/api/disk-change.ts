import { z } from 'zod'

/** A disk by its path; null is the disk of the home. */
const path = z.string().max(4096).nullable()

/** What a person can do to the disks of storage. */
export const diskChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), path, limitBytes: z.number().int().positive().nullable() }),
  /** A new limit; below what is used pieces move to other disks. */
  z.object({ kind: z.literal('limit'), path, limitBytes: z.number().int().positive().nullable() }),
  /** Moves everything from one disk to another, which is added when it is new; the first one then leaves. */
  z.object({ kind: z.literal('move'), path, to: path }),
  /** Moves everything to the other disks, then leaves. */
  z.object({ kind: z.literal('remove'), path }),
  /** It never comes back: its pieces are given up, and their customers' contracts with them. */
  z.object({ kind: z.literal('lose'), path }),
  /** Takes a move or removal back: the disk stays, and what has moved stays where it is. */
  z.object({ kind: z.literal('keep'), path }),
  z.object({ kind: z.literal('pauseMoves') }),
  z.object({ kind: z.literal('resumeMoves') }),
])

export type DiskChange = Readonly<z.infer<typeof diskChangeSchema>>
