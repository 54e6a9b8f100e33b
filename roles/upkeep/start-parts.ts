import { networkFileSchema, type NetworkFile } from '../../contracts/client/index.ts'
import { FatalRoleError } from '../api/errors.ts'
import type { WorkerStart } from '../api/messages.ts'
import type { Log } from '../api/values.ts'
import type { RoleContext } from '../api/worker.ts'

/** Bound of the first look at the chain; a role does not start without what its contracts say. */
const firstLookTries = 20

/** The role's key as libp2p identity (an `IdentityKey` of roles/network): every handshake asks the signer outside this process. */
export function remoteIdentity(context: Pick<RoleContext, 'start' | 'sign'>) {
  return {
    publicKey: Buffer.from(context.start.nodePublicKey.replace(/^0x/, ''), 'hex'),
    sign: (bytes: Uint8Array) => context.sign({ kind: 'libp2p', bytes: Uint8Array.from(bytes) }),
  }
}

/** The network file that a worker was started with. Throws FatalRoleError NETWORK_FILE_INVALID, since a restart would not help. */
export function networkOfStart(start: WorkerStart): NetworkFile {
  const parsed = networkFileSchema.safeParse(start.network)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new FatalRoleError(
    'NETWORK_FILE_INVALID',
    `The network file is not valid (${issue?.path.join('.') ?? 'top'}: ${issue?.message ?? 'unknown'}).`,
    { action: 'Get the network file again from whoever runs the network.' },
  )
}

/** Reads something from a chain that may not answer yet; the last failure is thrown. */
export async function firstLook<T>(read: () => Promise<T>, log: Log): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read()
    } catch (error) {
      if (tries >= firstLookTries) throw error
      log.info('The chain does not answer yet.', { tries, error: String(error) })
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * tries, 3_000)))
    }
  }
}
