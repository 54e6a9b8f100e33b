import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { z } from 'zod'
import { writeFileAtomic } from '../../persistence/index.ts'
import { bytesOfSums, sumsOfBytes } from '../protocol/cells.ts'
import type { Checkpoint } from '../surface/engine-client.ts'

/** The sums of tasks on disk: where a unit stands while it is rendered, and the whole until it is paid. */
export type TaskFiles = {
  saveCheckpoint(jobId: string, task: number, checkpoint: Checkpoint): Promise<void>
  /** Null where there is none, or none that can be read. */
  readCheckpoint(jobId: string, task: number): Promise<Checkpoint | null>
  saveSums(jobId: string, task: number, sums: Float32Array): Promise<void>
  readSums(jobId: string, task: number): Promise<Float32Array | null>
  remove(jobId: string, task: number): Promise<void>
  /** How long ago the sums were written; null where there are none. */
  ageMs(jobId: string, task: number): Promise<number | null>
}

const checkpointSchema = z.object({
  blocksDone: z.number().int().positive(),
  sums: z.array(z.instanceof(Uint8Array)),
})

/** Files below `folder`; each is written whole or not at all. */
export function createTaskFiles(folder: string): TaskFiles {
  const path = (jobId: string, task: number, kind: 'checkpoint' | 'sums'): string =>
    join(folder, `${jobId.slice(2)}-${task}.${kind}`)
  const write = async (file: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true })
    await writeFileAtomic(file, bytes)
  }
  return {
    saveCheckpoint: (jobId, task, { blocksDone, sums }) =>
      write(path(jobId, task, 'checkpoint'), encode({ blocksDone, sums: sums.map(bytesOfSums) })),
    async readCheckpoint(jobId, task) {
      const bytes = await readOrNull(path(jobId, task, 'checkpoint'))
      if (bytes === null) return null
      try {
        const { blocksDone, sums } = checkpointSchema.parse(decode(bytes))
        return { blocksDone, sums: sums.map(sumsOfBytes) }
      } catch {
        // What cannot be read is rendered again.
        return null
      }
    },
    async saveSums(jobId, task, sums) {
      await write(path(jobId, task, 'sums'), bytesOfSums(sums))
      await rm(path(jobId, task, 'checkpoint'), { force: true })
    },
    async readSums(jobId, task) {
      const bytes = await readOrNull(path(jobId, task, 'sums'))
      return bytes === null ? null : sumsOfBytes(bytes)
    },
    async ageMs(jobId, task) {
      const found = await stat(path(jobId, task, 'sums')).catch(() => null)
      return found === null ? null : Date.now() - found.mtimeMs
    },
    async remove(jobId, task) {
      await rm(path(jobId, task, 'checkpoint'), { force: true })
      await rm(path(jobId, task, 'sums'), { force: true })
    },
  }
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
