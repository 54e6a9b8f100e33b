import type { z } from 'zod'
import { CancelledError, HearthError, TimeoutError, deserializeError, serializeError } from '../../roles/api/errors.ts'
import type { SerializedError } from '../../roles/api/errors.ts'
import type { Log, Undo } from '../../roles/api/values.ts'
import type { ChildProcess, EntryName, Platform } from '../api/platform.ts'
import { surfaceWishSchema, type SurfaceAnswer } from './surface-messages.ts'

/** A process of the practice network that ended when it should not have. */
export class PracticeProcessError extends HearthError {}

type Message = { readonly kind: string }

/** A process of the practice network with checked messages. Whoever started it calls `stop`. */
export type PracticeChild<M extends Message> = {
  readonly name: string
  readonly pid: number
  send(message: unknown): void
  onMessage(listener: (message: M) => void): Undo
  /** Resolves when the process has ended, with how. */
  readonly exited: Promise<string>
  /** Waits for one kind of message. Rejects when the process reports `failed`, ends, or takes too long. */
  waitFor<K extends M['kind']>(
    kind: K,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<Extract<M, { kind: K }>>
  /** Asks it to end, kills it after the deadline. Idempotent. */
  stop(deadlineMs: number): Promise<void>
  kill(): void
}

/** Starts a bundled entry; its output lines and `log` messages go to `log`. */
export function startChild<M extends Message>(o: {
  platform: Platform
  entry: EntryName
  name: string
  schema: z.ZodType<M>
  env: Readonly<Record<string, string>>
  log: Log
}): PracticeChild<M> {
  const child = o.platform.fork(o.entry, { serviceName: `Hearth ${o.name}`, env: o.env })
  const listeners = new Set<(message: M) => void>()
  const recentLines: string[] = []
  child.onLogLine((line) => {
    recentLines.push(line)
    if (recentLines.length > 20) recentLines.shift()
    o.log.debug(`${o.name}: ${line}`)
  })
  const life = new AbortController()
  const exited = new Promise<string>((resolve) => {
    child.onExit(({ code, signal }) => {
      life.abort()
      resolve(signal ?? `exit code ${code}`)
    })
  })
  let stopping: Promise<void> | null = null
  child.port.onMessage((raw) => {
    const wish = surfaceWishSchema.safeParse(raw)
    if (wish.success) return void answerWish(o.platform, child, wish.data.id, life.signal)
    const parsed = o.schema.safeParse(raw)
    if (!parsed.success) return o.log.warn(`${o.name} sent a message that is none.`)
    for (const listener of listeners) listener(parsed.data)
  })
  const self: PracticeChild<M> = {
    name: o.name,
    pid: child.pid ?? 0,
    exited,
    send: (message) => child.port.post(message),
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    waitFor: (kind, options) => waitForMessage(self, kind, options, recentLines),
    stop: (deadlineMs) => (stopping ??= stopChild(child, exited, deadlineMs)),
    kill: () => child.kill('SIGKILL'),
  }
  return self
}

/** Opens a window for a process; its end, or its owner's, destroys the window. */
async function answerWish(platform: Platform, child: ChildProcess, id: number, signal: AbortSignal): Promise<void> {
  const answer = await platform.surfaces.openFor(child, { signal }).then(
    (ticket): SurfaceAnswer => ({ kind: 'surface', id, ticket }),
    (error: unknown): SurfaceAnswer => ({ kind: 'surfaceRefused', id, error: serializeError(error) }),
  )
  if (!signal.aborted) child.port.post(answer)
}

async function stopChild(child: ChildProcess, exited: Promise<string>, deadlineMs: number): Promise<void> {
  child.port.post({ kind: 'stop' })
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  await exited
  clearTimeout(timer)
}

function waitForMessage<M extends Message, K extends M['kind']>(
  child: PracticeChild<M>,
  kind: K,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
  recentLines: readonly string[],
): Promise<Extract<M, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      undo()
      options.signal?.removeEventListener('abort', cancel)
      act()
    }
    const cancel = () => settle(() => reject(new CancelledError(`Starting ${child.name}`)))
    const timer = setTimeout(
      () => settle(() => reject(new TimeoutError(`Starting ${child.name}`, options.timeoutMs))),
      options.timeoutMs,
    )
    const undo = child.onMessage((message) => {
      if (message.kind === kind) settle(() => resolve(message as Extract<M, { kind: K }>))
      if (message.kind === 'failed') settle(() => reject(deserializeError((message as unknown as Failed).error)))
    })
    void child.exited.then((how) =>
      settle(() => {
        const said = recentLines.slice(-3).join(' ')
        reject(new PracticeProcessError('PRACTICE_PROCESS_ENDED', `${child.name} ended early (${how}). ${said}`.trim()))
      }),
    )
    if (options.signal?.aborted === true) return cancel()
    options.signal?.addEventListener('abort', cancel, { once: true })
  })
}

type Failed = { readonly error: SerializedError }
