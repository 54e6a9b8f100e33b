import { protocol, type Session } from 'electron'
import { appScheme } from '../../api/app-origin.ts'
import { appResponse } from './app-response.ts'
import { securityHeaders } from './security-headers.ts'

/** Makes `app:` a secure, standard scheme with an origin. Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the bundled page from `root`, and nothing outside of it, in this session. */
export function serveAppScheme(
  session: Session,
  root: string,
  headers: Readonly<Record<string, string>> = securityHeaders,
): void {
  session.protocol.handle(appScheme, (request) => appResponse(root, request, headers))
}
