import { createHash } from 'node:crypto'
import { existsSync, unlinkSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

// A lock that the system takes back by itself when its holder ends, however it ends: a listening local socket. A file with a
// process id in it would outlive a kill and then has to be judged stale, which two launchers can do at the same time.

/** How long a launcher waits silently before it says that it waits. */
const sayAfterMs = 1_500
const retryMs = 200

/** @param {string} name */
function addressOf(name) {
  const user = process.platform === 'win32' ? userInfo().username : String(userInfo().uid)
  const id = `hearth-${createHash('sha256').update(`${user}\n${name}`).digest('hex').slice(0, 24)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${id}`
  // Linux has socket names without a file; Node passes them on since 18.18.
  if (process.platform === 'linux' && !process.version.startsWith('v18.')) return `\0${id}`
  return join(tmpdir(), `${id}.sock`)
}

/**
 * @param {string} address
 * @returns {Promise<import('node:net').Server | null>} the held lock, or null when somebody else holds it
 */
function tryListen(address) {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? done(null) : fail(error),
    )
    server.listen(address, () => done(server))
  })
}

/**
 * Where a lock is a socket file, a killed holder leaves the file: nobody answers there, so it may go.
 * @param {string} address
 * @returns {Promise<void>}
 */
function removeLeftover(address) {
  return new Promise((done) => {
    if (address.startsWith('\0') || process.platform === 'win32' || !existsSync(address)) return done()
    const socket = createConnection(address)
    socket.once('connect', () => done(void socket.destroy()))
    socket.once('error', () => {
      try {
        unlinkSync(address)
      } catch {
        // Another launcher was quicker.
      }
      done()
    })
  })
}

/**
 * Runs `work` while no other process of this person holds the lock of that name. Waits as long as the other one lives: it ends
 * by itself, each of its own steps being bounded.
 *
 * @template T
 * @param {string} name
 * @param {(line: string) => void} onProgress
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, onProgress, work) {
  const address = addressOf(name)
  const since = Date.now()
  let said = false
  let server = await tryListen(address)
  while (server === null) {
    await removeLeftover(address)
    if (!said && Date.now() - since > sayAfterMs) {
      said = true
      onProgress('Another Hearth command is preparing the same files; waiting for it ...')
    }
    await new Promise((done) => setTimeout(done, retryMs))
    server = await tryListen(address)
  }
  try {
    return await work()
  } finally {
    await new Promise((done) => server.close(done))
  }
}
