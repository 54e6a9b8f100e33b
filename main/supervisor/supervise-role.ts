import { HearthError } from '../../roles/api/errors.ts'
import type { Allowance } from '../../roles/api/allowance.ts'
import { fromWorkerSchema } from '../../roles/api/messages.ts'
import type { FromWorker, RoleEvent, RoleStatus, ToWorker, WorkerStart } from '../../roles/api/messages.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log } from '../../roles/api/values.ts'
import type { ChildProcess } from '../api/platform.ts'
import type { ProcessState } from '../api/snapshot.ts'
import { describeExit } from './crash-reason.ts'
import { createLogRing } from './log-ring.ts'
import { newWorker, nextTickMs, transition } from './transition.ts'
import type { Command, HeartbeatTiming, Worker, WorkerEvent } from './transition.ts'
import { viewProcess } from './view-process.ts'
import { createWorkerRequests } from './worker-requests.ts'
import type { RequestHandler, WorkerRequests } from './worker-requests.ts'

/** Lines of each worker that are kept for a person who looks for a cause. */
const keptLogLines = 200
/** The wall clock and the one that nobody sets have parted by more than how they tick. */
const clockSetMs = 20

/** What supervising one role needs. */
export type SuperviseParts = {
  readonly role: RoleName
  readonly fork: () => ChildProcess
  /** What the worker is told once its code is loaded; asked anew at each start. A HearthError parks the worker. */
  readonly start: () => Promise<WorkerStart>
  readonly onRequest: RequestHandler
  readonly onEvent: (event: RoleEvent, atMs: number) => void
  /** Called after every change of process state or status. */
  readonly onChange: () => void
  readonly log: Log
  readonly random?: () => number
  /** Tests make it shorter, so that they need not wait half a minute for a hung worker. */
  readonly heartbeat?: HeartbeatTiming
}

/** One supervised role. */
export type SupervisedRole = {
  process(): ProcessState
  /** The worker's own last words about itself; null while none runs. */
  status(): RoleStatus | null
  logLines(): readonly string[]
  switchOn(): void
  /** Drains until `deadlineMs` (epoch), then kills. Resolves when no process is left. */
  switchOff(options: { deadlineMs: number }): Promise<void>
  /** Starts the worker anew with fresh parameters, if it runs. */
  restart(options: { deadlineMs: number }): void
  /** Forgets earlier crashes and starts at once. */
  retry(): void
  setAllowance(allowance: Allowance): void
  setBootstrapPeers(multiaddrs: readonly string[]): void
}

/** Keeps one role's process alive as the state machine of `transition.ts` says. Starts nothing by itself. */
export function superviseRole(parts: SuperviseParts): SupervisedRole {
  const supervisor = new RoleSupervisor(parts)
  return {
    process: () => supervisor.view(),
    status: () => supervisor.status,
    logLines: () => supervisor.ring.lines(),
    switchOn: () => supervisor.feed({ kind: 'switchOn' }),
    switchOff: ({ deadlineMs }) => supervisor.switchOff(deadlineMs),
    restart: ({ deadlineMs }) => supervisor.feed({ kind: 'restart', deadlineMs: supervisor.monotonic(deadlineMs) }),
    retry: () => supervisor.feed({ kind: 'retry' }),
    setAllowance: (allowance) => supervisor.post({ kind: 'allowance', allowance }),
    setBootstrapPeers: (multiaddrs) => supervisor.post({ kind: 'bootstrapPeers', multiaddrs }),
  }
}

class RoleSupervisor {
  readonly ring = createLogRing(keptLogLines)
  status: RoleStatus | null = null
  readonly #parts: SuperviseParts
  readonly #waitingForEnd = new Set<() => void>()
  #worker: Worker = newWorker
  #child: ChildProcess | null = null
  #requests: WorkerRequests | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastBeat = 0
  #epochOffsetMs = Date.now() - performance.now()

  constructor(parts: SuperviseParts) {
    this.#parts = parts
  }

  /** Times of the wall clock come in from outside; the state machine counts on a clock that nobody sets. */
  monotonic(epochMs: number): number {
    return performance.now() + (epochMs - Date.now())
  }

  view(): ProcessState {
    // The two clocks tick apart by a millisecond; only one that was set is news.
    const offsetMs = Date.now() - performance.now()
    if (Math.abs(offsetMs - this.#epochOffsetMs) > clockSetMs) this.#epochOffsetMs = offsetMs
    return viewProcess(this.#worker, this.#epochOffsetMs)
  }

  feed(event: WorkerEvent): void {
    const before = this.#worker
    const { worker, commands } = transition(before, event, performance.now(), this.#parts.heartbeat)
    this.#worker = worker
    for (const command of commands) this.#carryOut(command)
    this.#schedule()
    if (worker.phase.kind !== before.phase.kind) this.#told(worker)
  }

  switchOff(deadlineMs: number): Promise<void> {
    this.feed({ kind: 'switchOff', deadlineMs: this.monotonic(deadlineMs) })
    if (this.#child === null) return Promise.resolve()
    return new Promise((resolve) => this.#waitingForEnd.add(resolve))
  }

  post(message: ToWorker): void {
    this.#child?.port.post(message)
  }

  #told(worker: Worker): void {
    if (worker.phase.kind === 'waiting' || worker.phase.kind === 'parked') {
      this.#parts.log.warn('A role worker crashed.', { role: this.#parts.role, ...worker.phase })
    }
    this.#parts.onChange()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const atMs = nextTickMs(this.#worker, this.#parts.heartbeat)
    if (atMs === null) return
    this.#timer = setTimeout(() => this.feed({ kind: 'tick' }), Math.max(0, atMs - performance.now()))
  }

  #carryOut(command: Command): void {
    switch (command) {
      case 'fork':
        return this.#fork()
      case 'drain':
        return this.#drain()
      case 'kill':
        return this.#child?.kill('SIGKILL')
      case 'heartbeat':
        return this.post({ kind: 'heartbeat', id: ++this.#lastBeat })
    }
  }

  #fork(): void {
    const child = this.#parts.fork()
    this.#child = child
    this.#requests = createWorkerRequests(this.#parts.onRequest, child, (message) => child.port.post(message))
    child.onLogLine((line) => this.ring.add(line))
    child.port.onMessage((raw) => {
      if (this.#child === child) this.#receive(raw)
    })
    child.onExit((exit) => {
      if (this.#child === child) this.#exited(exit)
    })
  }

  #drain(): void {
    const { phase } = this.#worker
    if (phase.kind !== 'leaving') return
    const deadlineMs = Math.round(Date.now() + phase.deadlineMs - performance.now())
    this.post({ kind: 'drain', deadlineMs })
  }

  #exited(exit: { code: number | null; signal: string | null }): void {
    this.#requests?.end()
    this.#requests = null
    this.#child = null
    this.status = null
    const reason = describeExit(exit, this.ring.lastWords())
    this.feed({ kind: 'exited', reason, random: (this.#parts.random ?? Math.random)() })
    // Whoever waits for the end does not wait for a process that was started again meanwhile.
    for (const resolve of this.#waitingForEnd) resolve()
    this.#waitingForEnd.clear()
    this.#parts.onChange()
  }

  #receive(raw: unknown): void {
    const message = fromWorkerSchema.safeParse(raw)
    if (message.success) return this.#understand(message.data)
    this.#parts.log.error('A message of a worker was not understood.', { role: this.#parts.role })
  }

  #understand(message: FromWorker): void {
    this.feed({ kind: 'heard' })
    switch (message.kind) {
      case 'loaded':
        return void this.#start()
      case 'ready':
        this.#setStatus(message.status)
        return this.feed({ kind: 'ready', pid: this.#child?.pid ?? 0 })
      case 'status':
        return this.#setStatus(message.status)
      case 'event':
        return this.#parts.onEvent(message.event, message.atMs)
      case 'request':
        return this.#requests?.receive(message.id, message.request)
      case 'log':
        return this.#logged(message)
      case 'fatal':
        return this.feed({ kind: 'fatal', reason: message.error.message })
      case 'heartbeat':
      case 'drained':
        return
    }
  }

  async #start(): Promise<void> {
    const child = this.#child
    try {
      const start = await this.#parts.start()
      if (this.#child === child) child?.port.post({ kind: 'start', start } satisfies ToWorker)
    } catch (error) {
      if (this.#child !== child) return
      const reason = error instanceof HearthError ? error.message : 'It could not be prepared for its start.'
      this.#parts.log.error('A role could not be started.', { role: this.#parts.role, error })
      this.feed({ kind: 'fatal', reason })
    }
  }

  #setStatus(status: RoleStatus): void {
    this.status = status
    this.#parts.onChange()
  }

  #logged(message: Extract<FromWorker, { kind: 'log' }>): void {
    if (message.level !== 'debug') this.ring.add(`${message.level}: ${message.message}`)
    this.#parts.log[message.level](message.message, { role: this.#parts.role, ...message.details })
  }
}
