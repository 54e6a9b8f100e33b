import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** A process of its own that ends what it was given when we are gone, even when we were killed. */
export type Guard = {
  /** A positive number is a process, a negative one a process group. */
  watch(target: number): void
  /** All ended in order: the guard has nothing left to do. */
  disarm(): void
}

/** Starts the guard. It outlives us on purpose, by a few seconds at most, and shares no terminal signal with us. */
export function startGuard(): Guard {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guard.mjs')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  return {
    watch: (target) => void child.stdin.write(`${target}\n`),
    disarm: () => void child.stdin.end('done\n'),
  }
}
