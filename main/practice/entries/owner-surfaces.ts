import { CancelledError, TimeoutError, deserializeError } from '../../../roles/api/errors.ts'
import type { OpenRenderSurface, SurfaceTicket } from '../../../roles/api/render-surface.ts'
import type { ProcessPort } from '../../../roles/host/process-port.ts'
import { takeSurface } from '../../../roles/host/surfaces/take-surface.ts'
import type { SurfaceAnswer, SurfaceWish } from '../surface-messages.ts'

/** The first window may have to wait for an Electron that is brought in first. */
const openTimeoutMs = 600_000

/** Windows that the owner of this process opens. */
export type OwnerSurfaces = { readonly open: OpenRenderSurface; answered(answer: SurfaceAnswer): void }

/** Asks the owner over the process's own port; each wish is answered once. */
export function createOwnerSurfaces(port: ProcessPort): OwnerSurfaces {
  const waiting = new Map<number, { resolve(ticket: SurfaceTicket): void; reject(error: Error): void }>()
  let lastId = 0
  const ask = (signal: AbortSignal): Promise<SurfaceTicket> => {
    if (signal.aborted) return Promise.reject(new CancelledError('Opening a surface'))
    const id = ++lastId
    let cancel = () => {}
    let timer: NodeJS.Timeout | undefined
    return new Promise<SurfaceTicket>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      cancel = () => reject(new CancelledError('Opening a surface'))
      timer = setTimeout(() => reject(new TimeoutError('Opening a surface', openTimeoutMs)), openTimeoutMs)
      signal.addEventListener('abort', cancel, { once: true })
      port.post({ kind: 'openSurface', id } satisfies SurfaceWish)
    }).finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      waiting.delete(id)
    })
  }
  return {
    open: async (options) => takeSurface(await ask(options.signal), port.claimPorts, options),
    answered(answer) {
      if (answer.kind === 'surface') waiting.get(answer.id)?.resolve(answer.ticket)
      else waiting.get(answer.id)?.reject(deserializeError(answer.error))
    },
  }
}
