// Ends the processes it was told about when whoever started it is gone. It gets lines "PID" on standard input (a negative one
// names a process group) and acts when that input ends: a pipe closes even when its writer was killed. "done" disarms it.
import { createInterface } from 'node:readline'

const graceMs = 8_000
/** @type {Set<number>} */
const targets = new Set()

/** @param {NodeJS.Signals} signal @returns {boolean} whether any target was still there */
function signalAll(signal) {
  let some = false
  for (const pid of targets) {
    try {
      process.kill(pid, signal)
      some = true
    } catch {
      targets.delete(pid)
    }
  }
  return some
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {})

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'done') process.exit(0)
  const pid = Number(line)
  if (Number.isInteger(pid) && pid !== 0) targets.add(pid)
}
const deadlineMs = Date.now() + graceMs
let alive = signalAll('SIGTERM')
while (alive && Date.now() < deadlineMs) {
  await new Promise((done) => setTimeout(done, 100))
  alive = signalAll(/** @type {NodeJS.Signals} */ (/** @type {unknown} */ (0)))
}
signalAll('SIGKILL')
