import { utilityProcess, type MessagePortMain } from 'electron'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess, EntryName, Platform } from '../../api/platform.ts'
import type { WorkerPort } from '../../../roles/api/worker.ts'
import type { Log } from '../../../roles/api/values.ts'
import { childEnvironment } from './child-environment.ts'
import { forEachLine } from './lines.ts'

export type ForkOptions = {
  /** Folder that holds the bundled entries. */
  readonly entryDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

type Utility = ReturnType<typeof utilityProcess.fork>
type Exit = { readonly code: number | null; readonly signal: string | null }

export type Fork = Platform['fork'] & {
  endAll(): void
  /** Hands ports to a child together with a message; a child that has ended gets nothing. */
  transfer(child: ChildProcess, message: unknown, ports: MessagePortMain[]): void
}

/** Starts bundled entries as utility processes: own process, own heap, a message port, a listed environment. */
export function createFork({ entryDirectory, environment, log }: ForkOptions): Fork {
  const alive = new Map<ChildProcess, Utility>()
  const fork: Platform['fork'] = (entry: EntryName, { serviceName, args = [], env = {} }) => {
    const utility = utilityProcess.fork(join(entryDirectory, `${entry}.js`), [...args], {
      serviceName,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...childEnvironment(environment), ...env },
    })
    const child = adapt(utility, serviceName, log)
    alive.set(child, utility)
    child.onExit(() => alive.delete(child))
    return child
  }
  const endAll = () => [...alive.keys()].forEach((child) => child.kill('SIGKILL'))
  const transfer: Fork['transfer'] = (child, message, ports) => alive.get(child)?.postMessage(message, ports)
  return Object.assign(fork, { endAll, transfer })
}

function adapt(utility: Utility, serviceName: string, log: Log): ChildProcess {
  const lines = new Set<(line: string) => void>()
  const exits = new Set<(exit: Exit) => void>()
  let ended: Exit | null = null
  let pid: number | undefined
  const tell = (line: string) => lines.forEach((listener) => listener(line))
  if (utility.stdout !== null) forEachLine(utility.stdout, tell)
  if (utility.stderr !== null) forEachLine(utility.stderr, tell)
  utility.once('spawn', () => (pid = utility.pid))
  utility.on('error', (type, location) => log.error('process failed inside V8', { serviceName, type, location }))
  utility.once('exit', (code) => {
    ended = exitOf(code)
    exits.forEach((listener) => listener(ended as Exit))
    exits.clear()
  })
  return {
    // The number stays known after the end, so that a person can find it in a log.
    get pid() {
      return utility.pid ?? pid
    },
    port: portOf(utility, () => ended !== null, exits),
    onLogLine: (listener) => subscribe(lines, listener),
    onExit: (listener) => {
      if (ended === null) return subscribe(exits, listener)
      listener(ended)
      return () => undefined
    },
    kill: (signal = 'SIGTERM') => {
      if (ended !== null) return
      if (signal === 'SIGTERM' || utility.pid === undefined) utility.kill()
      else endNow(utility.pid)
    },
  }
}

function portOf(utility: Utility, isEnded: () => boolean, exits: Set<(exit: Exit) => void>): WorkerPort {
  return {
    post: (message) => {
      if (!isEnded()) utility.postMessage(message)
    },
    onMessage: (listener) => {
      const receive = (message: unknown) => listener(message)
      utility.on('message', receive)
      return () => void utility.off('message', receive)
    },
    onClose: (listener) => subscribe(exits, () => listener()),
  }
}

/** What ends a process from outside or by its own fault; none of our entries exits with these numbers by itself. */
const endingSignals = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const

/** On POSIX Electron reports the number of an ending signal as if it were the exit code. */
function exitOf(code: number): Exit {
  const signal = endingSignals.find((name) => constants.signals[name] === code)
  return process.platform === 'win32' || signal === undefined ? { code, signal: null } : { code: null, signal }
}

/** A utility process that was told to end may ignore it; the operating system does not ask. */
function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Already gone, which is what was wanted.
  }
}

function subscribe<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
