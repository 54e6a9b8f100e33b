import { app, type WebContents } from 'electron'
import { appOrigin } from '../../api/app-origin.ts'
import type { Log } from '../../../roles/api/values.ts'

/** The only address that a window loads. */
export const windowUrl = `${appOrigin}/index.html`

/**
 * Applies to every web contents that ever comes to be, whoever made it: no new windows, no navigation by a page in any
 * frame (only main loads, and the window's views are parts of one document), no embedded web views. Must run before
 * the first window is made.
 */
export function lockDownWebContents(log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents, log))
}

function lockDown(contents: WebContents, log: Log): void {
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('window.open refused', { url: url.slice(0, 200) })
    return { action: 'deny' }
  })
  contents.on('will-frame-navigate', (event) => {
    log.warn('navigation refused', { url: event.url.slice(0, 200) })
    event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
