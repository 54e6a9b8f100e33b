import { parentPort, workerData } from 'node:worker_threads'
import { serializeError } from '../../api/errors.ts'
import type { JobAnswer, JobMessage, PipelineWorkerData } from './pipeline/jobs.ts'
import { createJobRunner } from './pipeline/run-job.ts'

/** One thread of the storage pipeline: takes a job, works on the shared memory, answers. Ends with its owner. */
const run = createJobRunner(workerData as PipelineWorkerData)

parentPort?.on('message', (message: JobMessage) => {
  parentPort?.postMessage(answer(message))
})

function answer({ id, job }: JobMessage): JobAnswer {
  try {
    return { id, kind: 'done', result: run(job) }
  } catch (error) {
    return { id, kind: 'failed', error: serializeError(error) }
  }
}
