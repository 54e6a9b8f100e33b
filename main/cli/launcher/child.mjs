import { spawn } from 'node:child_process'

const passedOn = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
/** One Ctrl-C arrives from the terminal and again from npm: the same signal within this time counts once. */
const sameSignalMs = 400

/** @param {import('node:child_process').ChildProcess} child */
function passSignals(child) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastMs = new Map()
  const undo = passedOn.map((signal) => {
    const listener = () => {
      const now = Date.now()
      if (now - (lastMs.get(signal) ?? 0) > sameSignalMs) child.kill(signal)
      lastMs.set(signal, now)
    }
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => undo.forEach((end) => end())
}

/** The exit code that a shell would report. @param {number | null} code @param {NodeJS.Signals | null} signal */
function exitCode(code, signal) {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }
  return code ?? 128 + (numbers[/** @type {keyof typeof numbers} */ (signal)] ?? 1)
}

/**
 * Runs a command with our standard streams to its end and returns its exit code; signals are passed on. The child gets its own
 * session, so that a Ctrl-C reaches it once, from here, and not a second time from the terminal.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, onStart?: (pid: number) => void }} options
 * @returns {Promise<number>}
 */
export function runChild(file, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      stdio: 'inherit',
      env: options.env ?? process.env,
      cwd: options.cwd,
      detached: process.platform !== 'win32',
    })
    const undo = passSignals(child)
    child.once('spawn', () => options.onStart?.(/** @type {number} */ (child.pid)))
    child.once('error', (error) => {
      undo()
      fail(error)
    })
    child.once('exit', (code, signal) => {
      undo()
      done(exitCode(code, signal))
    })
  })
}
