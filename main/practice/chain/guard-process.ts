import { spawn } from 'node:child_process'

/**
 * Ends a process when this one dies in whatever way, also by SIGKILL and without running any more JavaScript.
 *
 * A shell waits for the end of its standard input, which only this process holds open, then kills. In the app that is
 * the only way: Chromium ends utility processes at once when the app is killed. Windows needs no guard, since children
 * there end with the job object that libuv puts them in.
 */
export function guardProcess(pid: number): { release(): void } {
  if (process.platform === 'win32') return { release() {} }
  const script = 'trap "" INT TERM HUP; while read -r _; do :; done; kill -9 "$1"'
  const guard = spawn('/bin/sh', ['-c', script, 'hearth-guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.unref()
  return {
    // Killed before its input closes, so that it cannot hit a later process with the same number.
    release: () => void guard.kill('SIGKILL'),
  }
}
