/**
 * The policy of every page. The window loads its own bundle and nothing else; data comes over the bridge, so not even
 * a connection to its own origin is needed. `style-src 'self'` has no `unsafe-inline`: React sets styles through CSSOM,
 * which the policy does not touch.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "worker-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** Sent with every response of the app scheme, errors included. */
export const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
} as const satisfies Readonly<Record<string, string>>

/**
 * The policy of a render window. Its page builds trees in workers of its own, unpacks textures of the scene in memory
 * (`blob:`) and may compile WebAssembly; what it can reach by any of that is itself.
 */
export const surfacePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob: data:",
  "style-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every response to a render window. */
export const surfaceHeaders = { ...securityHeaders, 'Content-Security-Policy': surfacePolicy } as const

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
}

/** The content type for a bundled file, or null for a kind of file that the window has no business with. */
export function contentTypeOf(file: string): string | null {
  const extension = file.slice(file.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(contentTypes, extension) ? (contentTypes[extension] ?? null) : null
}
