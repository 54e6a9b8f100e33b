import '../polyfills.ts'
import { z } from 'zod'
import { FatalRoleError } from '../../api/errors.ts'
import type { RoleStatus } from '../../api/messages.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import { openProcessPort } from '../process-port.ts'
import { runWorker } from '../run-worker.ts'

/**
 * A worker entry for tests of the supervisor: the real host and port around a role that does what `start.network` asks
 * for. Runs as a real process; it is no part of the app.
 */

const behaviourSchema = z.object({
  behaviour: z
    .enum(['good', 'crashAtStart', 'hang', 'fatal', 'neverDrains', 'asks', 'leaksEnvironment'])
    .default('good'),
})

function idleStatus(peers: number): RoleStatus {
  return { peerId: null, multiaddrs: [], peers, lastAcceptedWorkAtMs: null, storage: null, problems: [] }
}

async function startTestRole(context: RoleContext): Promise<RunningRole> {
  const { behaviour } = behaviourSchema.parse(context.start.network)
  if (behaviour === 'crashAtStart') {
    console.error('the disk said no')
    process.exit(3)
  }
  if (behaviour === 'fatal') throw new FatalRoleError('TEST_FATAL', 'This cannot work.')
  if (behaviour === 'hang') setTimeout(() => block(), 100)
  if (behaviour === 'leaksEnvironment') context.log.info(Object.keys(process.env).sort().join(' '))
  let peers = 0
  context.onAllowance((allowance) => {
    peers = allowance.diskLimitBytes ?? 0
    context.changed()
  })
  if (behaviour === 'asks') {
    const signature = await context.sign({ kind: 'libp2p', bytes: new Uint8Array([1, 2, 3]) })
    peers = signature.length
  }
  return {
    status: () => idleStatus(peers),
    drain: () => (behaviour === 'neverDrains' ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve()),
    stop: () => (behaviour === 'neverDrains' ? new Promise(() => {}) : Promise.resolve()),
  }
}

/** Holds the only thread, as an endless loop in a role would. */
function block(): never {
  for (;;) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  }
}

runWorker({
  port: openProcessPort(),
  loadRole: () => Promise.resolve(startTestRole),
  exit: (code) => void setTimeout(() => process.exit(code), 50),
})
