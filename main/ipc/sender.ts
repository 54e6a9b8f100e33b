import { appOrigin } from '../api/app-origin.ts'

/** What Electron tells about the frame that sent a request; null when the frame is already gone. */
export type Sender = {
  readonly webContentsId: number
  readonly isMainFrame: boolean
  readonly url: string
}

/**
 * True only for the main frame of our own window while it shows our own page. A frame inside the page, a page that
 * was navigated away, and any other window are strangers, whatever they send.
 */
export function isTrustedSender(sender: Sender | null, isOurWindow: (webContentsId: number) => boolean): boolean {
  if (sender === null || !sender.isMainFrame || !isOurWindow(sender.webContentsId)) return false
  return URL.canParse(sender.url) && originOf(new URL(sender.url)) === appOrigin
}

/** WHATWG gives `null` as the origin of schemes that it does not know, so it is put together here. */
function originOf(url: URL): string {
  if (url.username !== '' || url.password !== '') return 'null'
  return `${url.protocol}//${url.host}`
}
