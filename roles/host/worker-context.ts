import { submitResultSchema } from '../api/messages.ts'
import type { FromWorker, WorkerStart } from '../api/messages.ts'
import { surfaceTicketSchema } from '../api/render-surface.ts'
import type { Log } from '../api/values.ts'
import { createLocalRoleContext } from './local-context.ts'
import type { LocalContext } from './local-context.ts'
import { portableDetails } from './log-details.ts'
import { BadReplyError } from './owner-requests.ts'
import type { OwnerRequests } from './owner-requests.ts'
import type { SurfacePorts } from './surfaces/port-surface.ts'
import { takeSurface } from './surfaces/take-surface.ts'

/** A log whose lines travel to the owner, which keeps the last ones and writes them down. */
export function createPortLog(post: (message: FromWorker) => void): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, details?: Readonly<Record<string, unknown>>) => {
      const portable = portableDetails(details)
      post({ kind: 'log', level, message, ...(portable === undefined ? {} : { details: portable }) })
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** What the worker keeps of a context: what the role sees, and what the owner may change. */
export type WorkerContext = LocalContext

/** The context of a role in its own process: signing and sending are requests over the port. */
export function createWorkerContext(o: {
  start: WorkerStart
  requests: OwnerRequests
  claimPorts: (id: string) => SurfacePorts | null
  post: (message: FromWorker) => void
  log: Log
  onChanged: () => void
}): WorkerContext {
  return createLocalRoleContext({
    start: o.start,
    log: o.log,
    async sign(request, options) {
      const signature = await o.requests.ask({ kind: 'sign', request }, options)
      if (!(signature instanceof Uint8Array)) throw new BadReplyError('sign')
      return signature
    },
    async submit(request, options) {
      const result = submitResultSchema.safeParse(await o.requests.ask({ kind: 'submit', request }, options))
      if (!result.success) throw new BadReplyError('submit')
      return result.data
    },
    async openSurface(options) {
      const ticket = surfaceTicketSchema.safeParse(await o.requests.ask({ kind: 'openSurface' }, options))
      if (!ticket.success) throw new BadReplyError('openSurface')
      return takeSurface(ticket.data, o.claimPorts, options)
    },
    onEvent: (event) => o.post({ kind: 'event', event, atMs: Date.now() }),
    onChanged: o.onChanged,
  })
}
