import { session, type Session } from 'electron'
import { appOrigin } from '../../api/app-origin.ts'
import { serveAppScheme } from './app-scheme.ts'

/** In memory: the window keeps nothing of its own, so nothing of it may stay on the disk. */
const partition = 'hearth-window'

/**
 * The session of the app's own window. It grants no permission and no device, downloads nothing, and lets no request
 * leave the machine: only our own scheme loads.
 */
export function createWindowSession(rendererRoot: string): Session {
  const windowSession = session.fromPartition(partition)
  serveAppScheme(windowSession, rendererRoot)
  denyPermissions(windowSession)
  windowSession.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOurs(details.url) }))
  windowSession.on('will-download', (event) => event.preventDefault())
  windowSession.setSpellCheckerEnabled(false)
  return windowSession
}

/** Grants nothing to any page of the session, whatever it asks for. */
export function denyPermissions(windowSession: Session): void {
  windowSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  windowSession.setPermissionCheckHandler(() => false)
  windowSession.setDevicePermissionHandler(() => false)
  windowSession.setDisplayMediaRequestHandler(null)
  // USB, HID and serial pickers need no refusal: without a listener for their select events Electron picks nothing.
}

function isOurs(url: string): boolean {
  return url.startsWith(`${appOrigin}/`) || url.startsWith('devtools://')
}
