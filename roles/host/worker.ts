import './polyfills.ts'
import { loadRole } from './load-role.ts'
import { openProcessPort } from './process-port.ts'
import { runWorker } from './run-worker.ts'

/** The last messages need a moment on the channel before the process goes. */
const lastWordsMs = 50

const port = openProcessPort()

function crash(kind: string, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.error(`${kind}: ${message}`)
  setTimeout(() => process.exit(1), lastWordsMs)
}

process.on('uncaughtException', (error) => crash('uncaughtException', error))
process.on('unhandledRejection', (error) => crash('unhandledRejection', error))
// A terminal sends SIGINT to the whole group; the owner decides when its workers end.
process.on('SIGINT', () => {})

runWorker({ port, loadRole, exit: (code) => void setTimeout(() => process.exit(code), lastWordsMs) })
