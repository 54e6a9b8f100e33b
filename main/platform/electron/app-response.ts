import { readFile } from 'node:fs/promises'
import { resolveAppFile } from './app-path.ts'
import { contentTypeOf, securityHeaders } from './security-headers.ts'

/** What the app scheme answers, apart from Electron so that it can be tested as it is. */
export async function appResponse(
  root: string,
  request: { method: string; url: string },
  headers: Readonly<Record<string, string>> = securityHeaders,
): Promise<Response> {
  const refusal = (status: 404 | 405) => new Response(null, { status, headers })
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
  const file = await resolveAppFile(root, request.url)
  const contentType = file === null ? null : contentTypeOf(file)
  if (file === null || contentType === null) return refusal(404)
  try {
    // Read through Node rather than `file:` so that the file protocol needs no privileges, and archives work.
    const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(file))
    return new Response(body, { headers: { ...headers, 'Content-Type': contentType } })
  } catch {
    return refusal(404)
  }
}
