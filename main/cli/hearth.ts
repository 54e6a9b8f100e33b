import { createNodePlatform } from '../platform/node/index.ts'
import { runHearth } from './verbs/run-hearth.ts'

/** The `hearth` command: wires the real world to `runHearth`. The first signal asks to finish, the second ends at once. */
const stopping = new AbortController()
let interrupted = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted++
    if (interrupted > 1) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping.abort()
  })
}
// A reader that went away (`hearth detect | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const code = await runHearth({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  platform: createNodePlatform(),
  signal: stopping.signal,
})
// Exits when standard output is written; a handle that someone forgot to close must not keep the command alive.
process.stdout.write('', () => process.exit(code))
