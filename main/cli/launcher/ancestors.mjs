import { readFileSync } from 'node:fs'

// npm runs a script as npm -> shell -> this. When npm is killed so hard that it cannot pass anything on, the shell may live on
// as an orphan, so the shell's own parent is watched too.

const checkEveryMs = 300
const shells = /^(sh|dash|bash|ash|zsh|busybox)$/

/**
 * @param {number} pid
 * @returns {{ name: string, parent: number } | null} null where the system does not tell (no /proc) or the process is gone
 */
function describe(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) }
  } catch {
    return null
  }
}

/** @param {number} pid */
function isGone(pid) {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH'
  }
}

/**
 * Calls `onGone` once when the parent, or the npm behind a shell in between, is gone. The watch keeps no process alive.
 * Without a listener it sends SIGTERM to this process, which every launcher turns into an orderly end.
 *
 * @param {() => void} onGone
 * @returns {() => void} ends the watch
 */
export function watchAncestors(onGone = () => process.kill(process.pid, 'SIGTERM')) {
  const parent = process.ppid
  const shell = describe(parent)
  const behindShell =
    shell !== null && shells.test(shell.name) && process.env['npm_lifecycle_event'] !== undefined ? shell.parent : null
  const timer = setInterval(() => {
    const left =
      process.ppid !== parent ||
      (process.platform === 'win32' && isGone(parent)) ||
      (behindShell !== null && describe(parent)?.parent !== behindShell)
    if (!left) return
    clearInterval(timer)
    onGone()
  }, checkEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
