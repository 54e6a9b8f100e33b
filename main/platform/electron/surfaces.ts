import { randomUUID } from 'node:crypto'
import { MessageChannelMain, type MessagePortMain } from 'electron'
import type { RenderSurface } from '../../../roles/api/render-surface.ts'
import type { Log } from '../../../roles/api/values.ts'
import { createMailbox } from '../../../roles/host/surfaces/mailbox.ts'
import type { ChildProcess, Surfaces } from '../../api/platform.ts'
import { openSurfaceWindow, type SurfaceWindow } from './surface-window.ts'

export type SurfacesOptions = {
  /** Folder of the engine's page, and the preload script that gives it its port. */
  readonly pageRoot: string
  readonly preload: string
  /** Hands ports to a child of this platform, together with a message. */
  readonly transfer: (child: ChildProcess, message: unknown, ports: MessagePortMain[]) => void
  readonly log: Log
}

/** Render windows of the desktop app: they live in the app's own Electron, their ports in whoever asked. */
export function createSurfaces({ pageRoot, preload, transfer, log }: SurfacesOptions): Surfaces {
  const open = new Set<SurfaceWindow>()
  const openOne = async (signal: AbortSignal): Promise<SurfaceWindow> => {
    const surface = await openSurfaceWindow({ pageRoot, preload, signal, log })
    open.add(surface)
    surface.onGone(() => open.delete(surface))
    return surface
  }
  return {
    async openFor(child, { signal }) {
      const surface = await openOne(signal)
      const id = randomUUID()
      const control = new MessageChannelMain()
      control.port1.on('close', () => surface.destroy('The render window was closed.'))
      control.port1.start()
      surface.onGone((reason) => {
        control.port1.postMessage(reason)
        control.port1.close()
      })
      surface.onGone(child.onExit(() => surface.destroy('The worker of the render window ended.')))
      transfer(child, { kind: 'surfacePorts', id }, [surface.port, control.port2])
      return { kind: 'ports', id }
    },
    open: async ({ signal }) => surfaceOf(await openOne(signal), log),
    stop: () => open.forEach((surface) => surface.destroy('Hearth is ending.')),
  }
}

/** The surface as its own process uses it. */
export function surfaceOf(window: SurfaceWindow, log: Log): RenderSurface {
  const messages = createMailbox((error) => log.error('A listener of a surface failed.', { error }))
  let gone = false
  window.onGone(() => (gone = true))
  window.port.on('message', ({ data }) => messages.tell(data))
  window.port.start()
  return {
    post(message) {
      if (!gone) window.port.postMessage(message)
    },
    onMessage: messages.onMessage,
    onClose: (listener) => window.onGone(listener),
    close: () => window.destroy('The render window was closed.'),
  }
}
