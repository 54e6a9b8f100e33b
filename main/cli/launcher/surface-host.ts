import { runElectron } from './run-electron.ts'

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs the process with the render windows for a command without the app: its built entry first, then its arguments. Chromium
 * keeps a list of drivers that it does not trust with a page; the software renderer of servers is on it.
 */
const [entry = '', ...args] = process.argv.slice(2)
runElectron({ app: entry, args: ['--ignore-gpu-blocklist', ...args], say }).then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error))
    process.exit(1)
  },
)
