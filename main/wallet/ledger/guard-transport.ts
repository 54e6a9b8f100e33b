import { CancelledError } from '../../../roles/api/errors.ts'
import { limitOf, waitOf } from './apdu-limits.ts'
import type { ApduWait, DeviceLimits } from './apdu-limits.ts'
import { SilentDeviceError } from './device-error.ts'
import type { LedgerTransport } from './packages.ts'

/** Sent back once, for no reason of this request, after an earlier one went wrong (RUNTIME: seen after a refused message). */
const confusedStatus = 0x6a00

/** What the guard knows of the APDU that is under way. */
export type GuardedTransport = {
  /** What the answer under way, or the last one, waits for. */
  wait(): ApduWait
}

/**
 * Puts a limit and a cancellation on every APDU of a transport, whichever of the vendor's functions sends it, and tells when
 * a person is being waited for. Replaces `exchange` of the object that it is given.
 *
 * The exchange rejects with SilentDeviceError or CancelledError; closing the transport is the caller's duty, since only that
 * ends the exchange underneath.
 */
export function guardTransport(
  transport: LedgerTransport,
  o: { limits: DeviceLimits; signal: AbortSignal; onPerson: () => void },
): GuardedTransport {
  const send = transport.exchange.bind(transport)
  // Known on USB only; the emulator does not say which device it plays.
  const smallBuffer = transport.deviceModel?.id === 'nanoS'
  let wait: ApduWait = 'nobody'
  transport.exchange = async (apdu) => {
    wait = waitOf(apdu, smallBuffer)
    if (wait === 'person' && !o.signal.aborted) o.onPerson()
    const signing = apdu[1] === 0x08 || apdu[1] === 0x04
    const limit = { limitMs: limitOf(wait, o.limits), signal: o.signal, asked: wait === 'person', signing }
    const answer = await within(() => send(apdu), limit)
    if (wait !== 'nobody' || statusOf(answer) !== confusedStatus) return answer
    return within(() => send(apdu), limit)
  }
  return { wait: () => wait }
}

/** The last two bytes of an answer; NaN when it has fewer, which the vendor's code then finds out too. */
function statusOf(answer: Uint8Array): number {
  return answer.length < 2 ? Number.NaN : (answer[answer.length - 2]! << 8) | answer[answer.length - 1]!
}

function within<T>(
  start: () => Promise<T>,
  o: { limitMs: number; signal: AbortSignal; asked: boolean; signing: boolean },
): Promise<T> {
  // Before anything is sent: a question must not come to the screen after it was cancelled here.
  if (o.signal.aborted) return Promise.reject(new CancelledError('The step on the device'))
  const work = start()
  // When the limit wins, what is left fails by itself once the transport is closed; nobody waits for it any more.
  work.catch(() => {})
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilentDeviceError(o)), o.limitMs)
    const cancel = () => reject(new CancelledError('The step on the device'))
    o.signal.addEventListener('abort', cancel, { once: true })
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      o.signal.removeEventListener('abort', cancel)
    })
  })
}
