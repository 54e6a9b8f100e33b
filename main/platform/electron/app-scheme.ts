import { protocol, type Session } from 'electron'
import { appScheme } from '../../api/app-origin.ts'
import { appResponse } from './app-response.ts'

/** Makes `app:` a secure, standard scheme with an origin. Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the bundled window from `root`, and nothing outside of it, in this session. */
export function serveAppScheme(session: Session, root: string): void {
  session.protocol.handle(appScheme, (request) => appResponse(root, request))
}
