import type {
  BridgeResult,
  EventChannel,
  EventPayload,
  HearthBridge,
  RequestArgument,
  RequestChannel,
  RequestResult,
} from './types.ts'

declare global {
  interface Window {
    /** Put there by the preload script; absent when the page is opened outside the app. */
    readonly hearth?: HearthBridge
  }
}

/** Main answers within milliseconds, a role switch within a few block times; longer means that it is stuck. */
export const requestTimeoutMs = 60_000

/** A failed request as every screen shows it. */
export type Failure = { readonly code: string; readonly message: string; readonly action: string | null }

/** True when the page runs inside the app. */
export function hasBridge(): boolean {
  return window.hearth !== undefined
}

/**
 * Asks main for something. An expected failure comes back as a value; so do a missing bridge (`NO_BRIDGE`), an answer that
 * does not come within the time limit (`TIMEOUT`) and a bug on the way (`UNEXPECTED`), so that callers have one path.
 */
export async function request<C extends RequestChannel>(
  channel: C,
  argument: RequestArgument<C>,
  options: { timeoutMs?: number } = {},
): Promise<BridgeResult<RequestResult<C>>> {
  const bridge = window.hearth
  if (bridge === undefined) return failure('NO_BRIDGE', '')
  const timeoutMs = options.timeoutMs ?? requestTimeoutMs
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<BridgeResult<RequestResult<C>>>((resolve) => {
    timer = setTimeout(() => resolve(failure('TIMEOUT', String(timeoutMs))), timeoutMs)
  })
  try {
    return await Promise.race([bridge.request(channel, argument), timeout])
  } catch (error) {
    return failure('UNEXPECTED', error instanceof Error ? error.message : String(error))
  } finally {
    clearTimeout(timer)
  }
}

/** Listens to what main tells unasked. Returns the undo; does nothing outside the app. */
export function subscribe<C extends EventChannel>(
  channel: C,
  listener: (payload: EventPayload<C>) => void,
): () => void {
  return window.hearth?.subscribe(channel, listener) ?? (() => {})
}

function failure(code: string, message: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { code, message, action: null } }
}
