import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { CancelledError, HearthError, TimeoutError, deserializeError } from '../../api/errors.ts'
import { serializedErrorSchema } from '../../api/messages.ts'
import type { RenderSurface } from '../../api/render-surface.ts'
import { createEnding, warnOf } from './ending.ts'
import { createMailbox } from './mailbox.ts'
import { createDecoder, encodeMessage } from './message-codec.ts'

/** A window opens within a second or two; a busy machine may need longer. */
const openTimeoutMs = 60_000
const awayWords = 'The process with the render windows ended.'

/** Whoever connects to the process with the windows says first who it is; one connection is one window. */
export const toSurfaceHostSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), token: z.string() }),
  z.object({ kind: z.literal('message'), message: z.unknown() }),
])

/** What that process says on such a connection. */
export const fromSurfaceHostSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened') }),
  z.object({ kind: z.literal('refused'), error: serializedErrorSchema }),
  z.object({ kind: z.literal('message'), message: z.unknown() }),
  z.object({ kind: z.literal('closed'), reason: z.string() }),
])

export type ToSurfaceHost = z.infer<typeof toSurfaceHostSchema>
export type FromSurfaceHost = z.infer<typeof fromSurfaceHostSchema>

/** Sends one message; after the end of the connection it is dropped. Throws SurfaceMessageError. */
export function writeMessage(socket: Socket, message: ToSurfaceHost | FromSurfaceHost): void {
  if (socket.destroyed || socket.writableEnded) return
  socket.cork()
  for (const part of encodeMessage(message)) socket.write(part)
  socket.uncork()
}

/** Calls back for every message of a connection; one that breaks the rules ends it. */
export function readMessages<T>(socket: Socket, schema: z.ZodType<T>, onMessage: (message: T) => void): void {
  const decoder = createDecoder((raw) => onMessage(schema.parse(raw)))
  socket.on('data', (chunk) => {
    try {
      decoder.feed(chunk)
    } catch {
      socket.destroy()
    }
  })
}

/** Opens a surface in the process that listens at `path`. Rejects with what that process says when it refuses. */
export async function openSocketSurface(
  ticket: { path: string; token: string },
  { signal }: { signal: AbortSignal },
): Promise<RenderSurface> {
  if (signal.aborted) throw new CancelledError('Opening a surface')
  const socket = connect(ticket.path)
  const messages = createMailbox(warnOf)
  const ending = createEnding(awayWords)
  socket.once('close', ending.end)
  await new Promise<void>((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      act()
    }
    const fail = (error: Error) =>
      settle(() => {
        socket.destroy()
        reject(error)
      })
    const cancel = () => fail(new CancelledError('Opening a surface'))
    const timer = setTimeout(() => fail(new TimeoutError('Opening a surface', openTimeoutMs)), openTimeoutMs)
    signal.addEventListener('abort', cancel, { once: true })
    socket.on('error', (cause) => fail(new HearthError('SURFACE_HOST_AWAY', awayWords, { cause })))
    socket.once('close', () => fail(new HearthError('SURFACE_HOST_AWAY', awayWords)))
    readMessages(socket, fromSurfaceHostSchema, (message) => {
      switch (message.kind) {
        case 'opened':
          return settle(resolve)
        case 'refused':
          return fail(deserializeError(message.error))
        case 'message':
          return messages.tell(message.message)
        case 'closed':
          return ending.because(message.reason)
      }
    })
    writeMessage(socket, { kind: 'open', token: ticket.token })
  })
  return {
    post: (message) => writeMessage(socket, { kind: 'message', message }),
    onMessage: messages.onMessage,
    onClose: ending.onClose,
    close() {
      ending.because('The render window was closed.')
      socket.destroy()
    },
  }
}
