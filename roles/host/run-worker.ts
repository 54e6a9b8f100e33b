import { FatalRoleError, HearthError, TimeoutError, serializeError } from '../api/errors.ts'
import { toWorkerSchema } from '../api/messages.ts'
import type { FromWorker, ToWorker, WorkerStart } from '../api/messages.ts'
import type { RoleName } from '../api/roles.ts'
import type { Log } from '../api/values.ts'
import type { RunningRole, StartRole, WorkerPort } from '../api/worker.ts'
import { coalesce } from '../api/coalesce.ts'
import type { Coalesced } from '../api/coalesce.ts'
import { createOwnerRequests } from './owner-requests.ts'
import type { OwnerRequests } from './owner-requests.ts'
import type { ProcessPort } from './process-port.ts'
import { createPortLog, createWorkerContext } from './worker-context.ts'
import type { WorkerContext } from './worker-context.ts'

/** A worker that nobody tells what to do within this time has lost its owner. */
const startWaitMs = 30_000
/** After the owner is gone a role may take this long to close its files. */
const orphanStopMs = 5_000
/** Status changes travel at most this often. */
const statusIntervalMs = 250

/** What a worker process is made of; tests hand in a port pair and a small role. */
export type WorkerParts = {
  readonly port: WorkerPort & Partial<Pick<ProcessPort, 'claimPorts'>>
  readonly loadRole: (role: RoleName) => Promise<StartRole>
  /** Ends the process; called once. */
  readonly exit: (code: number) => void
}

/**
 * The life of one worker: says `loaded`, waits for `start`, runs the role, answers heartbeats, drains when told, and
 * ends when the port closes. Every message is checked on arrival; one that does not fit is logged and has no effect.
 */
export function runWorker(parts: WorkerParts): void {
  new Worker(parts).open()
}

class Worker {
  readonly #parts: WorkerParts
  readonly #log: Log
  readonly #requests: OwnerRequests
  readonly #status: Coalesced
  #startTimer: ReturnType<typeof setTimeout> | undefined
  #context: WorkerContext | null = null
  #role: RunningRole | null = null
  #ending = false

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#log = createPortLog((message) => this.#post(message))
    this.#requests = createOwnerRequests((message) => this.#post(message))
    this.#status = coalesce(() => this.#sendStatus(), statusIntervalMs)
  }

  open(): void {
    this.#startTimer = setTimeout(() => this.#end(1), startWaitMs)
    this.#parts.port.onClose(() => this.#end(0))
    this.#parts.port.onMessage((raw) => {
      const message = toWorkerSchema.safeParse(raw)
      if (message.success) this.#receive(message.data)
      else this.#log.error('A message from the owner was not understood.', { issues: message.error.issues.length })
    })
    this.#post({ kind: 'loaded', pid: process.pid })
  }

  #post(message: FromWorker): void {
    this.#parts.port.post(message)
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case 'start':
        return void this.#start(message.start).catch((error: unknown) => this.#startFailed(error))
      case 'allowance':
        return this.#context?.setAllowance(message.allowance)
      case 'bootstrapPeers':
        return this.#context?.setBootstrapPeers(message.multiaddrs)
      case 'heartbeat':
        this.#post({ kind: 'heartbeat', id: message.id, residentBytes: process.memoryUsage.rss() })
        return this.#status.request()
      case 'reply':
        return this.#requests.answer(message.id, message.result)
      case 'replyError':
        return this.#requests.answerError(message.id, message.error)
      case 'drain':
        return void this.#drain(message.deadlineMs)
    }
  }

  async #start(start: WorkerStart): Promise<void> {
    if (this.#context !== null) return this.#log.warn('A second start was ignored.')
    clearTimeout(this.#startTimer)
    this.#context = createWorkerContext({
      start,
      requests: this.#requests,
      claimPorts: (id) => this.#parts.port.claimPorts?.(id) ?? null,
      post: (message) => this.#post(message),
      log: this.#log,
      onChanged: () => this.#status.request(),
    })
    const startRole = await this.#parts.loadRole(start.role)
    const role = await startRole(this.#context.context)
    this.#role = role
    // The owner may have gone while the role was starting; `#end` had no role to stop then.
    if (this.#ending) return stopWithin(role, orphanStopMs)
    this.#post({ kind: 'ready', status: role.status() })
  }

  #startFailed(error: unknown): void {
    if (error instanceof FatalRoleError) this.#post({ kind: 'fatal', error: serializeError(error) })
    else this.#log.error('The role could not start.', { error })
    this.#end(1)
  }

  #sendStatus(): void {
    if (this.#role !== null && !this.#ending) this.#post({ kind: 'status', status: this.#role.status() })
  }

  async #drain(deadlineMs: number): Promise<void> {
    const leftMs = Math.max(0, deadlineMs - Date.now())
    try {
      if (this.#role !== null) await within(this.#role.drain({ deadlineMs }), leftMs)
    } catch (error) {
      this.#log.warn('Draining did not finish well.', { error })
    }
    this.#post({ kind: 'drained' })
    this.#end(0)
  }

  #end(code: number): void {
    if (this.#ending) return
    this.#ending = true
    clearTimeout(this.#startTimer)
    this.#status.cancel()
    this.#requests.rejectAll(new HearthError('OWNER_GONE', 'The owner of this worker is gone.'))
    void stopWithin(this.#role, orphanStopMs).finally(() => this.#parts.exit(code))
  }
}

async function stopWithin(role: RunningRole | null, timeoutMs: number): Promise<void> {
  if (role === null) return
  await within(role.stop(), timeoutMs).catch(() => {})
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError('The role', timeoutMs)), timeoutMs)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
