import { HearthError, TimeoutError, serializeError } from '../../roles/api/errors.ts'
import type { Log, Undo } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { EngineService } from '../api/engine.ts'
import type { NetworkView, Snapshot } from '../api/snapshot.ts'

/** How long a request of the window waits for an engine that is still starting. */
const engineWaitMs = 60_000

/**
 * Stands where the engine will be. The window opens before the engine is up and must stay useful when it cannot start
 * (a wrong settings file, a home in use): until then snapshots tell the progress or the reason, and the window's
 * button to start the network begins another try.
 */
export type EngineSlot = {
  snapshot(): Snapshot
  onSnapshot(listener: (snapshot: Snapshot) => void): Undo
  onActivity(listener: (activity: Activity) => void): Undo
  /** False while a snapshot is only about the start. */
  isRunning(): boolean
  /** The engine once it runs. Rejects with the reason of a failed start, or with TIMEOUT. */
  engine(): Promise<EngineService>
  /** Tries a failed start again; with a running engine, asks it to start the practice network. */
  startPractice(): Promise<void>
  /** Starts the engine unless it is starting or running. Never rejects: a failure is shown by the snapshot. */
  start(): Promise<void>
  /** The engine if it runs or is about to: waits for a start under way. Null after a failed start. */
  settled(): Promise<EngineService | null>
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting'; readonly promise: Promise<EngineService> }
  | { readonly kind: 'running'; readonly engine: EngineService }
  | { readonly kind: 'failed'; readonly error: unknown }

export type EngineSlotOptions = {
  readonly version: string
  readonly startEngine: () => Promise<EngineService>
  readonly log: Log
}

/** Makes an empty slot; nothing runs before `start`. */
export function createEngineSlot({ version, startEngine, log }: EngineSlotOptions): EngineSlot {
  const snapshots = new Set<(snapshot: Snapshot) => void>()
  const activities = new Set<(activity: Activity) => void>()
  let state: State = { kind: 'idle' }

  const snapshot = () =>
    state.kind === 'running' ? state.engine.snapshot() : snapshotWithoutEngine(version, networkOf(state))
  const tell = (value: Snapshot) => snapshots.forEach((listener) => listener(value))
  const enter = (next: State) => {
    state = next
    tell(snapshot())
  }
  const settle = async (promise: Promise<EngineService>) => {
    try {
      const engine = await promise
      engine.onSnapshot(tell)
      engine.onActivity((activity) => activities.forEach((listener) => listener(activity)))
      enter({ kind: 'running', engine })
    } catch (error) {
      log.error('engine did not start', { error })
      enter({ kind: 'failed', error })
    }
  }
  const start = async () => {
    if (state.kind === 'starting' || state.kind === 'running') return
    const promise = Promise.resolve().then(startEngine)
    enter({ kind: 'starting', promise })
    await settle(promise)
  }
  const engine = async () => {
    if (state.kind === 'running') return state.engine
    if (state.kind === 'failed') throw state.error
    if (state.kind === 'starting') return bounded(state.promise)
    throw new HearthError('ENGINE_STOPPED', 'Hearth has not started yet.', { action: 'Try again in a moment.' })
  }
  return {
    snapshot,
    onSnapshot: (listener) => add(snapshots, listener),
    onActivity: (listener) => add(activities, listener),
    isRunning: () => state.kind === 'running',
    engine,
    start,
    startPractice: async () => {
      if (state.kind === 'running') return state.engine.startPractice()
      await start()
      await engine()
    },
    settled: async () => {
      if (state.kind === 'starting') await state.promise.catch(() => undefined)
      return state.kind === 'running' ? state.engine : null
    },
  }
}

function add<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): Undo {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

async function bounded(promise: Promise<EngineService>): Promise<EngineService> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError('The start of Hearth', engineWaitMs)), engineWaitMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** A start that failed for a reason nobody foresaw; its words are in the log, where they help. */
const unexpectedFailure: NetworkView = {
  kind: 'failed',
  message: 'Hearth could not start. Your files and earnings are not affected.',
  action: 'Try again. If it keeps happening, the log in your Hearth folder says more.',
}

function networkOf(state: State): NetworkView {
  if (state.kind !== 'failed') return { kind: 'starting', step: 'engine', done: 0, total: 1 }
  const { code, message, action } = serializeError(state.error)
  return code === 'UNEXPECTED' ? unexpectedFailure : { kind: 'failed', message, action }
}

function snapshotWithoutEngine(version: string, network: NetworkView): Snapshot {
  return {
    version,
    atMs: Date.now(),
    network,
    operator: null,
    roles: [],
    earnings: null,
    stake: null,
    inventory: null,
    suitability: [],
    pausedAllUntilMs: null,
    gasFloatLow: null,
    wallet: null,
    gas: null,
    theme: 'system',
  }
}
