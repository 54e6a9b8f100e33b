import type { RenderSurface } from '../../api/render-surface.ts'
import { createEnding, warnOf } from './ending.ts'
import { createMailbox } from './mailbox.ts'

/** A port of Electron's main or utility process (`MessagePortMain`), as far as it is used here. */
export type TransferredPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** The two ports of a surface: `data` leads to the engine in the window, `control` to whoever made the window. */
export type SurfacePorts = { readonly data: TransferredPort; readonly control: TransferredPort }

/**
 * A surface over ports that the maker of the window handed over. The maker says why the window ended over `control` and
 * closes it; closing it from here asks the maker to destroy the window.
 */
export function openPortSurface({ data, control }: SurfacePorts): RenderSurface {
  const messages = createMailbox(warnOf)
  const ending = createEnding('The owner of the render window is gone.')
  ending.onClose(() => data.close())
  data.on('message', ({ data: message }) => {
    if (!ending.isOver()) messages.tell(message)
  })
  control.on('message', ({ data: told }) => {
    if (typeof told === 'string') ending.because(told)
    control.close()
    ending.end()
  })
  control.on('close', ending.end)
  control.start()
  data.start()
  return {
    post(message) {
      if (!ending.isOver()) data.postMessage(message)
    },
    onMessage: messages.onMessage,
    onClose: ending.onClose,
    close() {
      if (ending.isOver()) return
      ending.because('The render window was closed.')
      control.close()
      ending.end()
    },
  }
}
