import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../../persistence/index.ts'

const idSchema = z.string().regex(/^[0-9a-f]{32}$/)

/** What tells our disk from another one at the same path. */
const identitySchema = z.object({ formatVersion: z.literal(1), disk: idSchema, home: idSchema })

export type DiskIdentity = Readonly<z.infer<typeof identitySchema>>

/** Name of the identity's file in the folder of a disk. */
export const identityFileName = '.hearth-disk.json'
/** Its name before a home could have several disks; it held the id alone. */
const formerFileName = '.hearth-store'

/** A fresh random id for a disk or a home. */
export const newIdentityId = (): string => randomBytes(16).toString('hex')

/** What the identity file of a folder says: `none` when the folder is there without one, `unreadable` when it is no identity. */
export type FoundIdentity =
  | { readonly kind: 'identity'; readonly identity: DiskIdentity }
  | { readonly kind: 'former'; readonly disk: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }

/** Reads the identity in a folder. Rejects with the file system's error when the folder is not to be had. */
export async function readIdentity(folder: string): Promise<FoundIdentity> {
  if (!(await stat(folder)).isDirectory()) return { kind: 'unreadable' }
  const text = await readOrNull(join(folder, identityFileName))
  if (text !== null) {
    const parsed = identitySchema.safeParse(jsonOrNull(text))
    return parsed.success ? { kind: 'identity', identity: parsed.data } : { kind: 'unreadable' }
  }
  const former = await readOrNull(join(folder, formerFileName))
  if (former === null) return { kind: 'none' }
  const disk = idSchema.safeParse(former.trim())
  return disk.success ? { kind: 'former', disk: disk.data } : { kind: 'unreadable' }
}

/** Makes the identity durable in the folder. */
export async function writeIdentity(folder: string, identity: Omit<DiskIdentity, 'formatVersion'>): Promise<void> {
  await writeFileAtomic(join(folder, identityFileName), `${JSON.stringify({ formatVersion: 1, ...identity })}\n`)
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
