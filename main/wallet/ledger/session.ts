import { CancelledError } from '../../../roles/api/errors.ts'
import type { ApduWait, DeviceLimits } from './apdu-limits.ts'
import { SilentDeviceError } from './device-error.ts'
import { guardTransport } from './guard-transport.ts'
import type { OpenTransport, TransportOpener } from './open-transport.ts'
import { loadEthApp } from './packages.ts'
import type { EthApp } from './packages.ts'
import { readApp } from './read-app.ts'
import type { DeviceApp } from './read-app.ts'

/** A device that is open and shows the right app. */
export type LedgerSession = { readonly eth: EthApp; readonly app: DeviceApp }

export type SessionOptions = {
  readonly open: TransportOpener
  readonly limits: DeviceLimits
  readonly signal: AbortSignal
  /** A question is on its screen now. */
  readonly onPerson: () => void
}

/** A step went wrong; what was known by then helps to tell what it means. `cause` is the error itself. */
export class SessionFailure extends Error {
  readonly app: string | null
  readonly wait: ApduWait

  constructor(cause: unknown, o: { app: string | null; wait: ApduWait }) {
    super('A step on the device failed.', { cause })
    this.app = o.app
    this.wait = o.wait
  }
}

/**
 * Opens the device, looks which app it shows, does one step and lets go of it, also when the step fails or is cancelled.
 * Rejects with SessionFailure and nothing else.
 */
export async function withSession<T>(o: SessionOptions, step: (session: LedgerSession) => Promise<T>): Promise<T> {
  let wait = (): ApduWait => 'nobody'
  let app: string | null = null
  let opened: OpenTransport | null = null
  try {
    const Eth = await loadEthApp()
    opened = await openWithin(o)
    wait = guardTransport(opened.transport, o).wait
    const eth = new Eth(opened.transport)
    const found = await readApp(opened.transport, eth)
    app = found.name
    return await step({ eth, app: found })
  } catch (cause) {
    throw new SessionFailure(cause, { app, wait: wait() })
  } finally {
    if (opened !== null) await letGo(opened, o.limits.closeMs)
  }
}

/** Opens with a limit; a device that opens after it is let go of at once. */
async function openWithin({ open, limits, signal }: SessionOptions): Promise<OpenTransport> {
  if (signal.aborted) throw new CancelledError('The step on the device')
  const opening = open(signal)
  return new Promise((resolve, reject) => {
    let late = false
    const end = (error: Error) => {
      late = true
      reject(error)
    }
    const limit = { asked: false, signing: false, limitMs: limits.openMs }
    const timer = setTimeout(() => end(new SilentDeviceError(limit)), limits.openMs)
    const cancel = () => end(new CancelledError('The step on the device'))
    signal.addEventListener('abort', cancel, { once: true })
    opening
      .then((opened) => (late ? letGo(opened, limits.closeMs) : resolve(opened)), reject)
      .finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', cancel)
      })
  })
}

/** Waits at most `closeMs`; what a driver does after that is its own affair, the step is over. */
async function letGo(opened: OpenTransport, closeMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMs)))
  await Promise.race([opened.close().catch(() => {}), limit]).finally(() => clearTimeout(timer))
}
