import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bytes32Schema, weiTextSchema } from '../../api/values.ts'
import { writeFileAtomic } from '../../persistence/index.ts'
import { bytesOfSums, sumsOfBytes } from '../protocol/cells.ts'
import { backEndSchema, type BackEnd } from '../protocol/engine-messages.ts'
import { renderJobSchema } from '../protocol/render-job.ts'
import type { HeldResult } from './verify-result.ts'

const taskNoteSchema = z.object({
  task: z.number().int().nonnegative(),
  /** What this customer thinks of it. `wrong` is rejected on chain as long as there is time. */
  verdict: z.enum(['right', 'wrong']),
  node: z.string(),
  reason: z.string().nullable(),
  /** Cells that show what is wrong, for the panel. */
  cells: z.array(z.number().int().nonnegative()).default([]),
  backEnd: backEndSchema.nullable(),
})

/** What was found of one task. */
export type TaskNote = Readonly<z.infer<typeof taskNoteSchema>>

const journalSchema = z.object({
  formatVersion: z.literal(1),
  /** What was asked for, so that the same command goes on with the same job. */
  request: z.string(),
  job: renderJobSchema,
  jobId: bytes32Schema,
  /** Which of the customer's jobs it is; known before it is posted. */
  number: z.number().int().nonnegative(),
  postedAtBlock: z.number().int().nonnegative(),
  replicas: z.number().int().min(1).max(3),
  backEnd: backEndSchema,
  pricePerUnitWei: weiTextSchema,
  commitSeconds: z.number().int().positive(),
  unitKilosamples: z.number().int().positive(),
  /** 32 bytes as hex: which cells are looked at follows from it, so it never cellHashes this file. */
  secret: bytes32Schema,
  gasWei: weiTextSchema,
  tasks: z.array(taskNoteSchema),
  /** Units that nobody delivered and that were rendered here. */
  ownUnits: z.array(z.number().int().nonnegative()),
})

export type Journal = Readonly<z.infer<typeof journalSchema>>

/** A job under way, on disk: what it is, what was found, ciphertexts and sums. All of it can be lost but the secret and the ciphertexts of accepted results. */
export type JobFolder = {
  readonly path: string
  save(journal: Journal): Promise<void>
  holdResult(task: number, result: HeldResult): Promise<void>
  heldResult(task: number, cellCount: number, backEnd: BackEnd): Promise<HeldResult | null>
  keepSums(unit: number, sums: Float32Array): Promise<void>
  sums(unit: number): Promise<Float32Array<ArrayBuffer> | null>
  hasSums(unit: number): Promise<boolean>
  remove(): Promise<void>
}

/** The folder of one request below a customer's data directory. */
export function openJobFolder(dataDirectory: string, request: string): JobFolder {
  const path = join(dataDirectory, 'renders', request.slice(2, 34))
  const write = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await writeFileAtomic(join(path, name), bytes)
  }
  return {
    path,
    save: (journal) => write('journal.json', JSON.stringify(journal)),
    holdResult: (task, { ciphertext, cellHashes }) =>
      write(`task-${task}.cipher`, Buffer.concat([ciphertext, ...cellHashes])),
    async heldResult(task, cellCount, backEnd) {
      const bytes = await readOrNull(join(path, `task-${task}.cipher`))
      if (bytes === null) return null
      const length = bytes.length - 32 * cellCount
      const cellHashes = Array.from({ length: cellCount }, (_unused, index) =>
        Uint8Array.from(bytes.subarray(length + 32 * index, length + 32 * (index + 1))),
      )
      return { ciphertext: Uint8Array.from(bytes.subarray(0, length)), cellHashes, backEnd }
    },
    keepSums: (unit, sums) => write(`unit-${unit}.sums`, bytesOfSums(sums)),
    async sums(unit) {
      const bytes = await readOrNull(join(path, `unit-${unit}.sums`))
      return bytes === null ? null : sumsOfBytes(bytes)
    },
    hasSums: async (unit) => (await readOrNull(join(path, `unit-${unit}.sums`))) !== null,
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

/** The journal of an earlier try, or null where there is none that can be read. */
export async function readJournal(folder: JobFolder): Promise<Journal | null> {
  const bytes = await readOrNull(join(folder.path, 'journal.json'))
  if (bytes === null) return null
  try {
    return journalSchema.parse(JSON.parse(bytes.toString()))
  } catch {
    return null
  }
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
