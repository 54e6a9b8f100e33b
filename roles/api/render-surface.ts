import type { Undo } from './values.ts'

/**
 * A place to render: a hidden, sandboxed window without network or files in which the engine runs, made for one job and
 * destroyed by `close`. Who makes it depends on the platform; what is said through it is the render role's own affair.
 */
export type RenderSurface = {
  /** Sends a structured-clonable message to the engine; after the end it is dropped. */
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): Undo
  /** Called once when the window is gone: closed, crashed, or ended by its owner; `reason` is a plain sentence. */
  onClose(listener: (reason: string) => void): Undo
  /** Destroys the window at once, also one that hangs. Idempotent. */
  close(): void
}

/** Opens a surface. Rejects with a coded error that says what is missing where this machine cannot have one. */
export type OpenRenderSurface = (options: { signal: AbortSignal }) => Promise<RenderSurface>
