import { parentPort, workerData } from 'node:worker_threads'
import { serializeError } from '../../api/errors.ts'
import type { JobAnswer, JobMessage, PipelineWorkerData } from './pipeline/jobs.ts'
import { createJobRunner } from './pipeline/run-job.ts'

/** One thread of the storage pipeline: takes a job, works on the shared memory, answers. Ends with its owner. */
const run = createJobRunner(workerData as PipelineWorkerData)

parentPort?.on('message', (message: JobMessage) => {
  const answered = answer(message)
  parentPort?.postMessage(answered, ownMemory(answered))
})

/** Bytes that were made for the answer alone go over without a copy. */
function ownMemory(answered: JobAnswer): ArrayBuffer[] {
  if (answered.kind !== 'done' || answered.result === null || !('bytes' in answered.result)) return []
  const { buffer } = answered.result.bytes
  return buffer instanceof ArrayBuffer ? [buffer] : []
}

function answer({ id, job }: JobMessage): JobAnswer {
  try {
    return { id, kind: 'done', result: run(job) }
  } catch (error) {
    return { id, kind: 'failed', error: serializeError(error) }
  }
}
