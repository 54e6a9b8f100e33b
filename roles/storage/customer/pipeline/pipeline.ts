import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { deserializeError, HearthError } from '../../../api/errors.ts'
import { createArena, type Arena, type ArenaOptions } from './arena.ts'
import type { JobAnswer, JobMessage, JobResults, PipelineJob, PipelineWorkerData } from './jobs.ts'

/** A thread of the pipeline ended on its own; nothing that it worked on can be trusted. */
export class PipelineBrokenError extends HearthError {
  constructor(cause: unknown) {
    super('PIPELINE_BROKEN', 'A thread that codes files has stopped.', { action: 'Try again.', cause })
  }
}

/** Threads that seal, code, mask and commit on one shared memory. The creator closes it. */
export type Pipeline = {
  readonly arena: Arena
  readonly threads: number
  /** Runs one job on the next free thread. Rejects with the job's HearthError or PipelineBrokenError. */
  run<Job extends PipelineJob>(job: Job): Promise<JobResults[Job['kind']]>
  /** Ends the threads; jobs under way reject. Idempotent. */
  close(): Promise<void>
}

/** What a thread makes outside the shared memory is small and short-lived. */
const maxYoungGenerationSizeMb = 4
/** Jobs handed to a thread ahead of time, so that it never waits for the next one. */
const jobsAhead = 2

type Pending = { message: JobMessage; resolve(result: unknown): void; reject(error: Error): void }
type Thread = { worker: Worker; jobs: Map<number, Pending> }

/** The worker's file: bundled beside the program (perhaps above this chunk), else the source itself. */
function workerFile(): string {
  const here = import.meta.dirname
  const places = [
    join(here, 'pipeline-worker.js'),
    join(here, '..', 'pipeline-worker.js'),
    join(here, '..', 'pipeline-worker.ts'),
  ]
  const found = places.find((place) => existsSync(place))
  if (!found)
    throw new HearthError('PIPELINE_MISSING', `There is no pipeline-worker.js in ${here}.`, {
      action: 'Reinstall Hearth.',
    })
  return found
}

export function createPipeline(options: ArenaOptions): Pipeline {
  const arena = createArena(options)
  const file = workerFile()
  const queue: Pending[] = []
  let nextId = 1
  let broken: Error | null = null

  const threads: Thread[] = arena.threadAddresses.map((addresses) => {
    const workerData: PipelineWorkerData = { memory: arena.memory, ...addresses }
    const worker = new Worker(file, { workerData, resourceLimits: { maxYoungGenerationSizeMb } })
    const thread: Thread = { worker, jobs: new Map() }
    worker.on('message', (answer: JobAnswer) => settle(thread, answer))
    worker.on('error', (error) => fail(new PipelineBrokenError(error)))
    worker.on('exit', (code) => fail(new PipelineBrokenError(new Error(`exit code ${code}`))))
    return thread
  })

  const settle = (thread: Thread, answer: JobAnswer): void => {
    const pending = thread.jobs.get(answer.id)
    thread.jobs.delete(answer.id)
    dispatch()
    if (answer.kind === 'done') pending?.resolve(answer.result)
    else pending?.reject(deserializeError(answer.error))
  }

  const fail = (error: Error): void => {
    broken ??= error
    const open = [...queue.splice(0), ...threads.flatMap((thread) => [...thread.jobs.values()])]
    threads.forEach((thread) => thread.jobs.clear())
    open.forEach((pending) => pending.reject(error))
  }

  const dispatch = (): void => {
    while (queue.length > 0) {
      const thread = threads.reduce((least, other) => (other.jobs.size < least.jobs.size ? other : least))
      if (thread.jobs.size >= jobsAhead) return
      const pending = queue.shift()!
      thread.jobs.set(pending.message.id, pending)
      thread.worker.postMessage(pending.message)
    }
  }

  return {
    arena,
    threads: options.threads,
    run: (job) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken)
        queue.push({ message: { id: nextId++, job }, resolve: resolve as (result: unknown) => void, reject })
        dispatch()
      }),
    async close() {
      fail(broken ?? new HearthError('PIPELINE_CLOSED', 'The pipeline was closed.'))
      await Promise.all(threads.map((thread) => thread.worker.terminate()))
    },
  }
}
