import { unitOf } from '../protocol/plan-units.ts'
import type { RenderUnit } from '../protocol/render-job.ts'
import { sealResult, type SealedResult } from '../protocol/seal-result.ts'
import type { BookedJob, BookedTask } from './task-book.ts'
import type { TaskFiles } from './task-files.ts'

/** Finished results with their trees and ciphertext, made again from the sums on disk when they are asked for. */
export type ResultShelf = {
  /** Throws where the task is not rendered. */
  sealed(job: BookedJob, task: BookedTask): Promise<SealedResult>
}

/** Sealed results in memory; each is a few times the size of its sums. */
const kept = 4

/** The unit that a task is about; the job was announced before. */
export function unitOfTask(job: BookedJob, task: number): RenderUnit {
  if (job.spec === null) throw new Error(`Job ${job.jobId} was not announced yet.`)
  return unitOf(job.spec, Math.floor(task / job.replicas))
}

export function createResultShelf(files: TaskFiles): ResultShelf {
  const shelf = new Map<string, Promise<SealedResult>>()
  return {
    sealed(job, task) {
      const name = `${job.jobId} ${task.task}`
      const result = shelf.get(name) ?? seal(files, job, task)
      shelf.delete(name)
      shelf.set(name, result)
      result.catch(() => shelf.delete(name))
      const [oldest] = shelf.keys()
      if (shelf.size > kept && oldest !== undefined) shelf.delete(oldest)
      return result
    },
  }
}

async function seal(files: TaskFiles, job: BookedJob, task: BookedTask): Promise<SealedResult> {
  const sums = await files.readSums(job.jobId, task.task)
  if (sums === null || task.key === null) throw new Error(`Task ${task.task} of ${job.jobId} is not rendered.`)
  return sealResult(sums, unitOfTask(job, task.task), task.key)
}
