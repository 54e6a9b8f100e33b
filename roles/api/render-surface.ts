import { z } from 'zod'
import type { Undo } from './values.ts'

/**
 * A place to render: a hidden, sandboxed window without network or files in which the engine runs, made for one job and
 * destroyed by `close`. Who makes it depends on the platform; what is said through it is the render role's own affair.
 */
export type RenderSurface = {
  /**
   * Sends a structured-clonable message to the engine; after the end it is dropped. Of binary data typed arrays travel
   * everywhere, and are copied: transfer lists are not carried over the border of a process.
   */
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): Undo
  /** Called once when the window is gone: closed, crashed, or ended by its owner; `reason` is a plain sentence. */
  onClose(listener: (reason: string) => void): Undo
  /** Destroys the window at once, also one that hangs. Idempotent. */
  close(): void
}

/** Opens a surface. Rejects with a coded error that says what is missing where this machine cannot have one. */
export type OpenRenderSurface = (options: { signal: AbortSignal }) => Promise<RenderSurface>

/**
 * How a process takes hold of the surface that its owner opened for it: two message ports that came over its own port with
 * this id, or a socket of this machine to the process that has the windows.
 */
export const surfaceTicketSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ports'), id: z.string() }),
  z.object({ kind: z.literal('socket'), path: z.string(), token: z.string() }),
])

export type SurfaceTicket = Readonly<z.infer<typeof surfaceTicketSchema>>
