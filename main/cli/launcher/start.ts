import { resolve } from 'node:path'
import { runElectron } from './run-electron.ts'

const top = resolve(import.meta.dirname, '../../..')

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** `npm start`: brings in what the window needs, then runs the app until it is closed. */
runElectron({ app: top, args: process.argv.slice(2), say }).then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  },
)
