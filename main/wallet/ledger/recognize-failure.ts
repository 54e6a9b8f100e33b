import { CancelledError } from '../../../roles/api/errors.ts'
import type { DeviceState } from '../../api/wallet.ts'
import { DevelopmentAccountError } from '../development-accounts.ts'
import type { DeviceLimits } from './apdu-limits.ts'
import { DeviceError, SilentDeviceError } from './device-error.ts'
import type { TransportOpener } from './open-transport.ts'
import { SessionFailure, withSession } from './session.ts'
import { stateOfFailure } from './state-of-failure.ts'

/** What a failed step means: the state of the device from now on, and the error for the caller. */
export type RecognizedFailure = { readonly found: DeviceState; readonly error: Error }

type Context = {
  readonly open: TransportOpener
  readonly limits: DeviceLimits
  readonly signal: AbortSignal
  readonly platform: string
  /** `HOST:PORT` of a device that is reached over the network; null for USB. */
  readonly at: string | null
}

/**
 * Says what a failed step means. A device that leaves a request to sign without an answer either is dead or still shows an
 * older question; a quiet call tells which, since that is answered in between. The device must be let go of before.
 */
export async function recognizeFailure(failure: unknown, context: Context): Promise<RecognizedFailure> {
  if (!(failure instanceof SessionFailure)) throw failure
  const { cause, wait } = failure
  if (cause instanceof CancelledError) {
    return { found: wait === 'person' ? { kind: 'reviewLeft' } : { kind: 'unknown' }, error: cause }
  }
  // A judgement of ours about the account: the device did nothing wrong.
  if (cause instanceof DevelopmentAccountError) return { found: { kind: 'unknown' }, error: cause }
  const waited = cause instanceof SilentDeviceError && (cause.asked || cause.signing)
  const found = waited ? await stateAfterSilence(context) : stateOf(failure, context)
  return { found, error: cause instanceof DeviceError ? cause : new DeviceError(found, cause) }
}

async function stateAfterSilence(context: Context): Promise<DeviceState> {
  const { open, limits, signal } = context
  try {
    await withSession({ open, limits, signal, onPerson: () => {} }, async () => {})
    return { kind: 'reviewLeft' }
  } catch (failure) {
    return failure instanceof SessionFailure ? stateOf(failure, context) : { kind: 'silent' }
  }
}

function stateOf(failure: SessionFailure, { platform, at }: Context): DeviceState {
  const state = stateOfFailure(failure.cause, { app: failure.app, platform })
  return state.kind === 'notConnected' && at !== null ? { kind: 'notReached', at } : state
}
