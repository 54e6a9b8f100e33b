import type { z } from 'zod'
import { HearthError, serializeError } from '../../../roles/api/errors.ts'
import type { WorkerPort } from '../../../roles/api/worker.ts'

/** What a process of the practice network does with its owner's messages. */
type Served<M, S> = {
  readonly port: WorkerPort
  readonly schema: z.ZodType<M>
  /** Called once with the `start` message; what it returns is stopped at the end. */
  start(message: Extract<M, { kind: 'start' }>): Promise<S>
  /** Every other message but `stop`. */
  onMessage?(message: M, started: S): void
  stop(started: S): Promise<void>
}

/** Longest time from the owner's end to one's own. */
const orphanDeadlineMs = 3_000

/**
 * Runs a process of the practice network: start once, stop when asked, and end by itself when the owner is gone.
 *
 * Ctrl-C in a terminal reaches all processes of the group; only the owner decides what it means.
 */
export function serveOwner<M extends { kind: string }, S>(o: Served<M, S>): void {
  let starting: Promise<S> | null = null
  let ending: Promise<void> | null = null
  const end = (exitCode: number) =>
    (ending ??= (async () => {
      const started = await starting?.catch(() => null)
      if (started !== null && started !== undefined) await o.stop(started)
      o.port.post({ kind: 'stopped' })
    })()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(exitCode)))
  const fail = (error: unknown) => {
    o.port.post({ kind: 'failed', error: serializeError(error) })
    // What is expected needs no stack; a bug does.
    if (!(error instanceof HearthError)) console.error(error)
    setTimeout(() => void end(1), 50)
  }
  // Libraries leave promises behind when a chain or a peer goes away; that is no reason to take a household down.
  process.on('unhandledRejection', (error) => {
    o.port.post({ kind: 'log', level: 'warn', message: error instanceof Error ? error.message : String(error) })
  })
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  process.on('SIGTERM', () => void end(0))
  o.port.onClose(() => {
    setTimeout(() => process.exit(1), orphanDeadlineMs).unref()
    void end(0)
  })
  o.port.onMessage((raw) => {
    const parsed = o.schema.safeParse(raw)
    if (!parsed.success) return fail(new HearthError('BAD_MESSAGE', 'The owner sent a message that is none.'))
    const message = parsed.data
    if (message.kind === 'stop') return void end(0)
    if (message.kind === 'start') {
      if (starting !== null) return
      starting = o.start(message as Extract<M, { kind: 'start' }>)
      starting.catch(fail)
      return
    }
    void starting?.then(
      (started) => o.onMessage?.(message, started),
      () => {},
    )
  })
}
