import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { appHost, appScheme } from '../../api/app-origin.ts'

/** One path segment as the bundler names files: no dots first, no escapes, nothing that a file system reads in its own way. */
const plainSegment = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

const maximumUrlLength = 1024

/**
 * The segments of an `app://hearth/...` URL, or null for anything that is not the plain name of a bundled file.
 *
 * Nothing is decoded: a bundled file never needs an escape, so `%2e`, `%5c`, `%00` and their double encodings are refused
 * as they stand. Windows device names are refused too, since they open devices from any folder.
 */
export function appPathSegments(url: string): readonly string[] | null {
  if (url.length > maximumUrlLength || !URL.canParse(url)) return null
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  if (protocol !== `${appScheme}:` || hostname !== appHost) return null
  if (port !== '' || username !== '' || password !== '') return null
  // The parser has already removed `..` and cut off control characters; an address that held one is not ours.
  if (/\.\.|[%\\]|[^\x21-\x7e]/.test(url.split(/[?#]/, 1)[0] ?? '')) return null
  if (pathname === '/' || pathname === '') return ['index.html']
  const segments = pathname.slice(1).split('/')
  return segments.every(isPlain) ? segments : null
}

function isPlain(segment: string): boolean {
  if (!plainSegment.test(segment) || segment.endsWith('.')) return false
  return !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(segment)
}

/** The file that a URL of our scheme names, with links resolved; null when there is none inside `root`. */
export async function resolveAppFile(root: string, url: string): Promise<string | null> {
  const segments = appPathSegments(url)
  if (segments === null) return null
  try {
    const realRoot = await realpath(root)
    const file = await realpath(join(realRoot, ...segments))
    return file.startsWith(realRoot + sep) ? file : null
  } catch {
    return null
  }
}
