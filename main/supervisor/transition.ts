/**
 * The life of one worker process as a pure state machine: what happened and when goes in, the next state and the commands
 * to carry out come out. All times are milliseconds of a monotonic clock, so that a corrected wall clock moves nothing.
 */

/** How often a running worker is asked whether it lives, and the silence after which it counts as hung. */
export type HeartbeatTiming = { readonly intervalMs: number; readonly limitMs: number }

/** QUALITY R5: a hung worker is replaced within 30 s. */
export const standardHeartbeat: HeartbeatTiming = { intervalMs: 5_000, limitMs: 30_000 }
/** A tick that comes this much too late means that the machine slept; silence during sleep is nobody's fault. */
const sleptMs = 10_000
/** Loading code, opening databases and joining the network must be done by then. */
export const startLimitMs = 60_000
/** After SIGKILL the system reports the exit almost at once; if not, the signal is sent again. */
const killLimitMs = 5_000
/** First and longest wait before a restart. */
export const shortestBackoffMs = 200
export const longestBackoffMs = 60_000
/** So long in good health, and earlier crashes are forgiven. */
export const calmMs = 60_000
/** So many crashes within the window, and the worker is parked instead of started once more. */
export const breakerCrashes = 5
export const breakerWindowMs = 60_000

export type Phase =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly sinceMs: number }
  | {
      readonly kind: 'running'
      readonly sinceMs: number
      readonly pid: number
      readonly lastHeardMs: number
      readonly lastBeatMs: number
    }
  /** The process was told to go (or must go) and has not yet; `deadlineMs` is when it is killed. */
  | {
      readonly kind: 'leaving'
      readonly why: 'asked' | 'hung' | 'fatal'
      readonly reason: string
      readonly deadlineMs: number
    }
  | { readonly kind: 'waiting'; readonly restartAtMs: number; readonly crash: string }
  | { readonly kind: 'parked'; readonly crash: string }

export type Worker = {
  /** Whether it should run; only the person's acts change it. */
  readonly wanted: boolean
  readonly phase: Phase
  /** When it crashed, newest last, no older than the breaker's window or the last calm. */
  readonly crashTimesMs: readonly number[]
  /** Crashes since the last calm: the exponent of the backoff. */
  readonly attempt: number
}

export type WorkerEvent =
  | { readonly kind: 'switchOn' }
  | { readonly kind: 'switchOff'; readonly deadlineMs: number }
  /** Start anew with other parameters; does nothing to a worker that does not run. */
  | { readonly kind: 'restart'; readonly deadlineMs: number }
  | { readonly kind: 'retry' }
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'heard' }
  /** It said that a restart would not help. */
  | { readonly kind: 'fatal'; readonly reason: string }
  /** `random` in [0, 1) spreads restarts, so that roles that crashed together do not start together. */
  | { readonly kind: 'exited'; readonly reason: string; readonly random: number }
  | { readonly kind: 'tick' }

/** What the owner of the state machine must do now, in order. */
export type Command = 'fork' | 'drain' | 'kill' | 'heartbeat'

export type Step = { readonly worker: Worker; readonly commands: readonly Command[] }

export const newWorker: Worker = { wanted: false, phase: { kind: 'stopped' }, crashTimesMs: [], attempt: 0 }

/** One step. Events that mean nothing in the present phase change nothing. */
export function transition(
  worker: Worker,
  event: WorkerEvent,
  nowMs: number,
  heartbeat: HeartbeatTiming = standardHeartbeat,
): Step {
  switch (event.kind) {
    case 'switchOn':
      return switchOn({ ...worker, wanted: true }, nowMs)
    case 'switchOff':
      return leave({ ...worker, wanted: false }, event.deadlineMs)
    case 'restart':
      return isAlive(worker.phase) ? leave(worker, event.deadlineMs) : same(worker)
    case 'retry':
      return retry(worker, nowMs)
    case 'ready':
      return ready(worker, event.pid, nowMs)
    case 'heard':
      return heard(worker, nowMs)
    case 'fatal':
      return fatal(worker, event.reason, nowMs)
    case 'exited':
      return exited(worker, event, nowMs)
    case 'tick':
      return tick(worker, nowMs, heartbeat)
  }
}

/** When `tick` is due next, or null when only an event can change something. */
export function nextTickMs(worker: Worker, heartbeat: HeartbeatTiming = standardHeartbeat): number | null {
  switch (worker.phase.kind) {
    case 'stopped':
    case 'parked':
      return null
    case 'starting':
      return worker.phase.sinceMs + startLimitMs
    case 'running':
      return worker.phase.lastBeatMs + heartbeat.intervalMs
    case 'leaving':
      return worker.phase.deadlineMs
    case 'waiting':
      return worker.phase.restartAtMs
  }
}

/** True while a process exists. */
export function isAlive(phase: Phase): boolean {
  return phase.kind === 'starting' || phase.kind === 'running' || phase.kind === 'leaving'
}

/** Milliseconds before the restart after the given number of crashes since calm (1 = first). */
export function backoffMs(attempt: number, random: number): number {
  const ceilingMs = Math.min(longestBackoffMs, shortestBackoffMs * 2 ** Math.min(attempt, 20))
  return Math.max(shortestBackoffMs, (ceilingMs * (1 + random)) / 2)
}

function same(worker: Worker): Step {
  return { worker, commands: [] }
}

function fork(worker: Worker, nowMs: number): Step {
  return { worker: { ...worker, phase: { kind: 'starting', sinceMs: nowMs } }, commands: ['fork'] }
}

function switchOn(worker: Worker, nowMs: number): Step {
  return worker.phase.kind === 'stopped' ? fork(worker, nowMs) : same(worker)
}

/** Switching off and restarting go the same way; what comes after the exit depends on `wanted`. */
function leave(worker: Worker, deadlineMs: number): Step {
  const { phase } = worker
  if (phase.kind === 'leaving') {
    const sooner = { ...phase, deadlineMs: Math.min(phase.deadlineMs, deadlineMs) }
    return same({ ...worker, phase: sooner })
  }
  if (!isAlive(phase)) return same({ ...worker, phase: { kind: 'stopped' } })
  return {
    worker: { ...worker, phase: { kind: 'leaving', why: 'asked', reason: '', deadlineMs } },
    commands: ['drain'],
  }
}

function retry(worker: Worker, nowMs: number): Step {
  if (worker.phase.kind !== 'parked' && worker.phase.kind !== 'waiting') return same(worker)
  const forgiven = { ...worker, crashTimesMs: [], attempt: 0 }
  return worker.wanted ? fork(forgiven, nowMs) : same({ ...forgiven, phase: { kind: 'stopped' } })
}

function ready(worker: Worker, pid: number, nowMs: number): Step {
  if (worker.phase.kind !== 'starting') return same(worker)
  const phase: Phase = { kind: 'running', sinceMs: nowMs, pid, lastHeardMs: nowMs, lastBeatMs: nowMs }
  return same({ ...worker, phase })
}

function heard(worker: Worker, nowMs: number): Step {
  if (worker.phase.kind !== 'running') return same(worker)
  return same({ ...worker, phase: { ...worker.phase, lastHeardMs: nowMs } })
}

function fatal(worker: Worker, reason: string, nowMs: number): Step {
  if (worker.phase.kind !== 'starting' && worker.phase.kind !== 'running') return same(worker)
  const phase: Phase = { kind: 'leaving', why: 'fatal', reason, deadlineMs: nowMs + killLimitMs }
  return { worker: { ...worker, phase }, commands: ['drain'] }
}

function exited(worker: Worker, event: { reason: string; random: number }, nowMs: number): Step {
  const { phase } = worker
  if (!isAlive(phase)) return same(worker)
  if (phase.kind === 'leaving' && phase.why === 'asked') {
    return worker.wanted ? fork(worker, nowMs) : same({ ...worker, phase: { kind: 'stopped' } })
  }
  const reason = phase.kind === 'leaving' ? phase.reason : event.reason
  if (!worker.wanted) return same({ ...worker, phase: { kind: 'stopped' } })
  if (phase.kind === 'leaving' && phase.why === 'fatal')
    return same({ ...worker, phase: { kind: 'parked', crash: reason } })
  return crashed(worker, reason, event.random, nowMs)
}

function crashed(worker: Worker, crash: string, random: number, nowMs: number): Step {
  const attempt = worker.attempt + 1
  const crashTimesMs = [...worker.crashTimesMs.filter((atMs) => nowMs - atMs < breakerWindowMs), nowMs]
  const phase: Phase =
    crashTimesMs.length >= breakerCrashes
      ? { kind: 'parked', crash }
      : { kind: 'waiting', restartAtMs: nowMs + backoffMs(attempt, random), crash }
  return same({ ...worker, attempt, crashTimesMs, phase })
}

function tick(worker: Worker, nowMs: number, heartbeat: HeartbeatTiming): Step {
  const { phase } = worker
  switch (phase.kind) {
    case 'stopped':
    case 'parked':
      return same(worker)
    case 'waiting':
      return nowMs >= phase.restartAtMs ? fork(worker, nowMs) : same(worker)
    case 'starting':
      return nowMs >= phase.sinceMs + startLimitMs
        ? kill(worker, `It was not ready within ${startLimitMs / 1000} s.`, nowMs)
        : same(worker)
    case 'leaving':
      return nowMs >= phase.deadlineMs
        ? { worker: { ...worker, phase: { ...phase, deadlineMs: nowMs + killLimitMs } }, commands: ['kill'] }
        : same(worker)
    case 'running':
      return tickRunning(worker, phase, nowMs, heartbeat)
  }
}

function tickRunning(
  worker: Worker,
  phase: Extract<Phase, { kind: 'running' }>,
  nowMs: number,
  { intervalMs, limitMs }: HeartbeatTiming,
): Step {
  if (nowMs < phase.lastBeatMs + intervalMs) return same(worker)
  const slept = nowMs - phase.lastBeatMs > intervalMs + sleptMs
  const lastHeardMs = slept ? nowMs : phase.lastHeardMs
  if (nowMs - lastHeardMs >= limitMs) {
    return kill(worker, `It did not answer for ${limitMs / 1000} s.`, nowMs)
  }
  const calm = nowMs - phase.sinceMs >= calmMs
  const forgiven = calm ? { ...worker, crashTimesMs: [], attempt: 0 } : worker
  return { worker: { ...forgiven, phase: { ...phase, lastHeardMs, lastBeatMs: nowMs } }, commands: ['heartbeat'] }
}

function kill(worker: Worker, reason: string, nowMs: number): Step {
  const phase: Phase = { kind: 'leaving', why: 'hung', reason, deadlineMs: nowMs + killLimitMs }
  return { worker: { ...worker, phase }, commands: ['kill'] }
}
