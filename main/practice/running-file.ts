import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { addressSchema } from '../../roles/api/values.ts'
import { writeFileAtomic } from '../../roles/persistence/index.ts'

const neighbourSchema = z.object({
  operator: addressSchema,
  node: addressSchema,
  peerId: z.string(),
  pid: z.number().int().positive(),
  roles: z.array(roleNameSchema),
})

/** A neighbour as `hearth practice` prints it. */
export type Neighbour = Readonly<z.infer<typeof neighbourSchema>>

const runningSchema = z.object({
  formatVersion: z.literal(1),
  ownerPid: z.number().int().positive(),
  networkPath: z.string(),
  anvilPid: z.number().int().positive(),
  neighbours: z.array(neighbourSchema),
})

/** What a running practice network tells other processes of its home; true only while the practice lock is held. */
export type RunningFile = Readonly<z.infer<typeof runningSchema>>

function pathOf(homeDirectory: string): string {
  return join(homeDirectory, 'practice', 'running.json')
}

export async function publishRunning(homeDirectory: string, running: RunningFile): Promise<void> {
  await writeFileAtomic(pathOf(homeDirectory), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 })
}

export async function withdrawRunning(homeDirectory: string): Promise<void> {
  await rm(pathOf(homeDirectory), { force: true })
}

export async function readRunning(homeDirectory: string): Promise<RunningFile | null> {
  try {
    return runningSchema.parse(JSON.parse(await readFile(pathOf(homeDirectory), 'utf8')))
  } catch {
    return null
  }
}
