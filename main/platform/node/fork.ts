import { fork } from 'node:child_process'
import type { ChildProcess as NodeChild } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { ChildProcess } from '../../api/platform.ts'
import type { WorkerPort } from '../../../roles/api/worker.ts'

/**
 * What a child inherits: enough to find programs, temporary space, language and clock, and nothing that could be a
 * secret. `SystemRoot` is there because sockets fail on Windows without it.
 */
const inheritedVariables = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'TZ', 'SystemRoot', 'NODE_COMPILE_CACHE']

/** Forks a JavaScript file as a child with a message port (structured clone) and piped output. */
export function forkNode(
  file: string,
  options: { args?: readonly string[]; env?: Readonly<Record<string, string>> },
): ChildProcess {
  const child = fork(file, [...(options.args ?? [])], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...inherited(), ...options.env },
  })
  // A child that could not be started reports it here; its `exit` below tells whoever owns it.
  const failures: string[] = []
  child.on('error', (error) => failures.push(error.message))
  return {
    pid: child.pid,
    port: portTo(child),
    onLogLine: (listener) => onLines(child, listener),
    onExit(listener) {
      let told = false
      const once = (code: number | null, signal: string | null) => {
        if (told) return
        told = true
        listener({ code, signal })
      }
      child.once('exit', once)
      child.once('error', () => {
        if (child.pid === undefined) once(null, null)
      })
      if (child.exitCode !== null || child.signalCode !== null)
        queueMicrotask(() => once(child.exitCode, child.signalCode))
      return () => child.off('exit', once)
    },
    kill: (signal = 'SIGTERM') => void child.kill(signal),
  }
}

function inherited(): Record<string, string> {
  const entries = inheritedVariables.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

function portTo(child: NodeChild): WorkerPort {
  return {
    post(message) {
      if (child.connected) child.send(message as object, () => {})
    },
    onMessage(listener) {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
    onClose(listener) {
      child.once('disconnect', listener)
      return () => child.off('disconnect', listener)
    },
  }
}

function onLines(child: NodeChild, listener: (line: string) => void): () => void {
  const readers = [child.stdout, child.stderr].flatMap((stream) =>
    stream === null ? [] : [createInterface({ input: stream, crlfDelay: Infinity })],
  )
  for (const reader of readers) reader.on('line', listener)
  return () => {
    for (const reader of readers) reader.off('line', listener)
  }
}
