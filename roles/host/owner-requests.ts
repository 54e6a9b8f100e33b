import { CancelledError, TimeoutError, deserializeError, HearthError } from '../api/errors.ts'
import type { SerializedError } from '../api/errors.ts'
import type { FromWorker, WorkerRequest } from '../api/messages.ts'

/** A signature is one call into the owner; longer means that the owner hangs. */
const signTimeoutMs = 30_000
/** Sending waits for a receipt and outlives a short loss of the chain; afterwards the role decides anew. */
const submitTimeoutMs = 180_000
/** The first window may have to wait for an Electron that is brought in first. */
const surfaceTimeoutMs = 600_000

function timeoutOf({ kind }: WorkerRequest): number {
  switch (kind) {
    case 'sign':
      return signTimeoutMs
    case 'submit':
      return submitTimeoutMs
    case 'openSurface':
      return surfaceTimeoutMs
  }
}

type Pending = { resolve: (result: unknown) => void; reject: (error: Error) => void }

/** Requests from a worker to its owner, each answered by id, bounded and cancellable. */
export type OwnerRequests = {
  ask(request: WorkerRequest, options?: { signal?: AbortSignal | undefined }): Promise<unknown>
  answer(id: number, result: unknown): void
  answerError(id: number, error: SerializedError): void
  /** Rejects all that is open; for when the owner is gone. */
  rejectAll(error: Error): void
}

/** Keeps the open requests of one worker. `post` carries a message to the owner. */
export function createOwnerRequests(post: (message: FromWorker) => void): OwnerRequests {
  const pending = new Map<number, Pending>()
  let lastId = 0

  function ask(request: WorkerRequest, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(new CancelledError(`The request "${request.kind}"`))
    const id = ++lastId
    const timeoutMs = timeoutOf(request)
    return new Promise<unknown>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
        pending.delete(id)
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      const cancel = () => fail(new CancelledError(`The request "${request.kind}"`))
      const timer = setTimeout(() => fail(new TimeoutError(`The request "${request.kind}"`, timeoutMs)), timeoutMs)
      signal?.addEventListener('abort', cancel, { once: true })
      pending.set(id, {
        resolve: (result) => {
          settle()
          resolve(result)
        },
        reject: fail,
      })
      post({ kind: 'request', id, request })
    })
  }

  return {
    ask,
    answer: (id, result) => pending.get(id)?.resolve(result),
    answerError: (id, error) => pending.get(id)?.reject(deserializeError(error)),
    rejectAll: (error) => {
      for (const open of [...pending.values()]) open.reject(error)
    },
  }
}

/** The owner answered with something of the wrong shape: a bug on its side, said with the name of the request. */
export class BadReplyError extends HearthError {
  constructor(request: string) {
    super('BAD_REPLY', `The owner answered the request "${request}" in a wrong form.`)
  }
}
