import { config } from 'zod'
import { makeEngine } from './engine.ts'
import { serveEngine } from './serve.ts'

// The page's policy forbids code from text, which zod would otherwise try.
config({ jitless: true })

/** The page gets its only way out from the preload script, once: a port in a window message. */
function onPort(event: MessageEvent<{ kind?: unknown } | null>): void {
  const [port] = event.ports
  if (event.source !== window || event.data?.kind !== 'port' || port === undefined) return
  window.removeEventListener('message', onPort)
  const serve = serveEngine(makeEngine(), (message) => port.postMessage(message))
  port.onmessage = ({ data }) => serve(data)
  port.postMessage({ kind: 'booted' })
}

window.addEventListener('message', onPort)
