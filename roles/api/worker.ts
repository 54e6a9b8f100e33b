import type { Allowance } from './allowance.ts'
import type { RoleEvent, RoleStatus, SignRequest, SubmitRequest, SubmitResult, WorkerStart } from './messages.ts'
import type { OpenRenderSurface } from './render-surface.ts'
import type { Log, Undo } from './values.ts'

/** The one way in and out of a worker process: `utilityProcess` in the app, a forked Node elsewhere, a pair in tests. */
export type WorkerPort = {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): Undo
  /** Called once when the other side is gone; a worker must then end by itself. */
  onClose(listener: () => void): Undo
}

/** What the host hands to a role. Signing and sending happen in the owner; the role has no key. */
export type RoleContext = {
  readonly start: WorkerStart
  readonly log: Log
  /** Current allowance and every later one. */
  allowance(): Allowance
  onAllowance(listener: (allowance: Allowance) => void): Undo
  onBootstrapPeers(listener: (multiaddrs: readonly string[]) => void): Undo
  /** Signs in one of the allowed domains with the role key. Rejects with SIGN_REFUSED when the owner does not allow it. */
  sign(request: SignRequest, options?: { signal?: AbortSignal }): Promise<Uint8Array>
  /** Sends a permissionless call from the machine's gas account and waits for its receipt. */
  submit(request: SubmitRequest, options?: { signal?: AbortSignal }): Promise<SubmitResult>
  /** Opens a place to render; absent where the owner has none to give. */
  readonly openSurface?: OpenRenderSurface
  emit(event: RoleEvent): void
  /** Tells that `status()` has changed; the host reads it when it next sends. */
  changed(): void
}

/** A role that runs. Both methods are idempotent. */
export type RunningRole = {
  status(): RoleStatus
  /** Takes nothing new, finishes what was acknowledged, leaves by the deadline. */
  drain(options: { deadlineMs: number }): Promise<void>
  stop(): Promise<void>
}

export type StartRole = (context: RoleContext) => Promise<RunningRole>
