import { setMaxListeners } from 'node:events'
import { HearthError, serializeError } from '../../roles/api/errors.ts'
import type { ToWorker, WorkerRequest } from '../../roles/api/messages.ts'
import type { ChildProcess } from '../api/platform.ts'

/** Requests that one worker may have open; more means that something runs away. */
const maximumOpen = 64

/** Answers a request of a worker. `signal` ends when the worker does; `child` is its process. */
export type RequestHandler = (
  request: WorkerRequest,
  options: { signal: AbortSignal; child: ChildProcess },
) => Promise<unknown>

/** The requests of one life of a worker. */
export type WorkerRequests = {
  receive(id: number, request: WorkerRequest): void
  /** The worker is gone: what is open is cancelled and answers go nowhere. */
  end(): void
}

/** Carries requests to their handler and answers back; a handler that fails never reaches the supervisor. */
export function createWorkerRequests(
  handle: RequestHandler,
  child: ChildProcess,
  post: (message: ToWorker) => void,
): WorkerRequests {
  const life = new AbortController()
  // Every open request may listen for the end; Node takes more than ten listeners for a leak.
  setMaxListeners(maximumOpen + 1, life.signal)
  let open = 0

  async function answer(id: number, request: WorkerRequest): Promise<void> {
    open++
    try {
      if (open > maximumOpen) throw new HearthError('TOO_MANY_REQUESTS', `More than ${maximumOpen} requests are open.`)
      const result = await handle(request, { signal: life.signal, child })
      if (!life.signal.aborted) post({ kind: 'reply', id, result })
    } catch (error) {
      if (!life.signal.aborted) post({ kind: 'replyError', id, error: serializeError(error) })
    } finally {
      open--
    }
  }

  return {
    receive: (id, request) => void answer(id, request),
    end: () => life.abort(),
  }
}
