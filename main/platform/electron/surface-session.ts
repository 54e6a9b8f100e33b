import { session, type Session } from 'electron'
import { appOrigin } from '../../api/app-origin.ts'
import { serveAppScheme } from './app-scheme.ts'
import { surfaceHeaders } from './security-headers.ts'
import { denyPermissions } from './window-session.ts'

/** Sessions are never given back by Electron, so they are kept and used again once they are wiped. */
const free: Session[] = []
let made = 0

/**
 * A session for one render window: in memory, without network, permissions or downloads, shared with no other window. It
 * serves the engine's page from `pageRoot`; what a scene holds is turned into addresses of the page's own (blob:) at most.
 */
export async function takeSurfaceSession(pageRoot: string): Promise<Session> {
  return free.pop() ?? (await makeSession(pageRoot))
}

/** Gives a session back; nothing that its window kept is left for the next one. */
export async function returnSurfaceSession(used: Session): Promise<void> {
  await used.clearStorageData()
  await used.clearCache()
  free.push(used)
}

async function makeSession(pageRoot: string): Promise<Session> {
  const fresh = session.fromPartition(`hearth-surface-${++made}`)
  serveAppScheme(fresh, pageRoot, surfaceHeaders)
  denyPermissions(fresh)
  fresh.enableNetworkEmulation({ offline: true })
  fresh.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwn(details.url) }))
  fresh.on('will-download', (event) => event.preventDefault())
  fresh.setSpellCheckerEnabled(false)
  // Calls between browsers (WebRTC) go around the rules for requests, but not around a proxy; nobody listens at this one.
  await fresh.setProxy({ mode: 'fixed_servers', proxyRules: 'socks5://127.0.0.1:1', proxyBypassRules: '<-loopback>' })
  return fresh
}

function isOwn(url: string): boolean {
  return [`${appOrigin}/`, `blob:${appOrigin}/`, 'data:'].some((start) => url.startsWith(start))
}
