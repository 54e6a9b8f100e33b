import { setTimeout as wait } from 'node:timers/promises'
import type { MeterReading } from '../reading.ts'
import {
  MeterError,
  troubleOf,
  type MeterConnection,
  type MeterDriver,
  type MeterListener,
  type Trouble,
} from './meter-driver.ts'

/** Pauses between connections; tests shorten them. */
export type Backoff = { readonly firstMs: number; readonly longestMs: number }

const usualBackoff: Backoff = { firstMs: 1_000, longestMs: 60_000 }
/** P1 meters of version 4 and earlier speak every ten seconds. */
const usualReadMs = 20_000

/**
 * A driver around connections: one is open while anybody listens. When it ends it is opened again after a pause that doubles from
 * `firstMs` to `longestMs`, less up to a quarter at random, and is short again after a reading.
 */
export function createMeter(connect: MeterConnection, backoff: Backoff = usualBackoff): MeterDriver {
  const listeners = new Set<MeterListener>()
  let stopping: AbortController | null = null
  // A port may be open only once: the next connection waits until the one before has let go.
  let lastRun: Promise<void> = Promise.resolve()

  const tell = (tellOne: (listener: MeterListener) => void) => {
    for (const listener of listeners) tellOne(listener)
  }
  const start = () => {
    const { signal } = (stopping = new AbortController())
    lastRun = lastRun.then(() => keepConnected(connect, { tell, backoff, signal }))
  }
  const subscribe = (listener: MeterListener) => {
    const own = { ...listener }
    listeners.add(own)
    if (listeners.size === 1) start()
    return () => {
      if (listeners.delete(own) && listeners.size === 0) stopping?.abort()
    }
  }
  return { subscribe, read: (o = {}) => readOnce(subscribe, o) }
}

async function keepConnected(
  connect: MeterConnection,
  o: {
    readonly tell: (tellOne: (listener: MeterListener) => void) => void
    readonly backoff: Backoff
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { tell, backoff, signal } = o
  let failures = 0
  const listening = {
    reading(reading: MeterReading) {
      failures = 0
      if (!signal.aborted) tell((listener) => listener.reading(reading))
    },
    trouble(trouble: Trouble) {
      if (!signal.aborted) tell((listener) => listener.trouble(trouble, { ended: false }))
    },
  }
  while (!signal.aborted) {
    const trouble = await connect(listening, signal).then((): Trouble => closed, troubleOf)
    if (signal.aborted) return
    tell((listener) => listener.trouble(trouble, { ended: true }))
    const pauseMs = Math.min(backoff.firstMs * 2 ** failures++, backoff.longestMs)
    await wait(pauseMs * (1 - Math.random() / 4), undefined, { signal }).catch(() => {})
  }
}

const closed: Trouble = { code: 'closed', message: 'The meter ended the connection.' }

function readOnce(
  subscribe: MeterDriver['subscribe'],
  { signal, timeoutMs = usualReadMs }: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
): Promise<MeterReading> {
  return new Promise((resolve, reject) => {
    let last: Trouble | null = null
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      undo()
      act()
    }
    const fail = (trouble: Trouble) => settle(() => reject(new MeterError(trouble.code, trouble.message)))
    const abort = () => settle(() => reject(signal?.reason as Error))
    const silent: Trouble = { code: 'silent', message: `The meter told nothing within ${timeoutMs / 1_000} seconds.` }
    const timer = setTimeout(() => fail(last ?? silent), timeoutMs)
    const undo = subscribe({
      reading: (reading) => settle(() => resolve(reading)),
      trouble(trouble, { ended }) {
        last = trouble
        if (ended) fail(trouble)
      },
    })
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
