import type { LedgerTransport } from './packages.ts'

/** A device that is open for one step. */
export type OpenTransport = {
  readonly transport: LedgerTransport
  /** Lets go of the device, also while an answer is awaited; what it still shows stays on its screen. */
  close(): Promise<void>
}

/** Finds and opens a device. Rejects with whatever went wrong; `stateOfFailure` knows these errors. */
export type TransportOpener = (signal: AbortSignal) => Promise<OpenTransport>
