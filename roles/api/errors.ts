/**
 * The one base of every error that Hearth raises on purpose.
 *
 * `code` is stable and machine readable, `message` says what happened to which thing, `action` says what a person can do.
 * The name is taken from the class, so it cannot drift.
 */
export class HearthError extends Error {
  readonly code: string
  readonly action: string | null
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { action?: string; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.action = options.action ?? null
    this.details = options.details ?? {}
  }
}

/** What crosses a process border: no stack, no cause chain, nothing of the sender's insides. */
export type SerializedError = { readonly code: string; readonly message: string; readonly action: string | null }

/** Errors of contracts/client have the same fields and another base, since that folder may not import this one. */
function isSpokenError(error: unknown): error is Error & { code: string; action: string | null } {
  if (!(error instanceof Error) || !('code' in error) || !('action' in error)) return false
  return typeof error.code === 'string' && (error.action === null || typeof error.action === 'string')
}

/** Turns anything that was thrown into what may cross a process border. */
export function serializeError(error: unknown): SerializedError {
  if (isSpokenError(error)) return { code: error.code, message: error.message, action: error.action }
  if (error instanceof Error) return { code: 'UNEXPECTED', message: error.message, action: null }
  return { code: 'UNEXPECTED', message: String(error), action: null }
}

/** Rebuilds an error on the receiving side of a border. */
export function deserializeError(error: SerializedError): HearthError {
  return new HearthError(error.code, error.message, error.action === null ? {} : { action: error.action })
}

/** The wait ended because whoever asked for it no longer wants the answer. */
export class CancelledError extends HearthError {
  constructor(what: string) {
    super('CANCELLED', `${what} was cancelled.`)
  }
}

/** A bounded wait ran out. */
export class TimeoutError extends HearthError {
  constructor(what: string, timeoutMs: number) {
    super('TIMEOUT', `${what} did not finish within ${timeoutMs} ms.`, { details: { timeoutMs } })
  }
}

/** A role cannot run as it is configured and a restart would not help; its owner parks it with these words. */
export class FatalRoleError extends HearthError {}
