import type { Undo } from '../../roles/api/values.ts'
import type { DeviceState } from './wallet.ts'

/** What a caller may add to a step on a device. */
export type SignerOptions = {
  /** Ends the wait with CANCELLED. A question that is already on the device's screen stays there. */
  readonly signal?: AbortSignal | undefined
  /** The account that must answer; compared before the person is asked, and again with the signature. */
  readonly expectedAccount?: string | undefined
}

/**
 * The device that holds the operator's key. On the practice network one random key per home stands behind this port;
 * a hardware wallet takes its place without any caller noticing.
 */
export type HardwareSigner = {
  /** Checksummed account at a BIP-32 path such as `m/44'/60'/0'/0/0`. Asks nobody. */
  getAddress(path: string, options?: SignerOptions): Promise<string>
  /** EIP-191 signature (65 bytes, v 27 or 28) over the text bytes as shown. Rejects with REFUSED when the person says no. */
  signPersonalMessage(path: string, bytes: Uint8Array, options?: SignerOptions): Promise<Uint8Array>
  /**
   * The fallback beside the sentences: signs a raw unsigned transaction (0x-hex) and gives the raw signed one. With contract
   * data it needs blind signing switched on in the device's app and rejects with BLIND_SIGNING_NEEDED when it is off.
   */
  signTransaction(path: string, unsignedTransaction: string, options?: SignerOptions): Promise<string>
}

/**
 * A device as the app and the command line keep it: a signer that also says how it is. It is opened for one step and let go
 * of after it, so it may come and go between two calls. One step at a time; a second one rejects with DEVICE_STEP_UNDER_WAY.
 *
 * Every failure that a person can do something about rejects with a `DeviceError` and becomes the `state`.
 */
export type OperatorDevice = HardwareSigner & {
  /** False: not a hardware wallet, and every review says so (PROTOCOL 1.13). */
  readonly hardware: boolean
  /** True when a person must look at a screen and press something before it signs. */
  readonly asksPerson: boolean
  state(): DeviceState
  /** Called with every change of the state. */
  subscribe(listener: (state: DeviceState) => void): Undo
  /** Looks whether it is there and usable, asking nobody. Never rejects but with CANCELLED; what it found is the state. */
  check(options?: SignerOptions): Promise<DeviceState>
  /** Shows the account on the device's own screen; resolves when the person confirmed it there. */
  confirmAddress(path: string, options?: SignerOptions): Promise<string>
  /** Ends a step that is under way and forgets all listeners. */
  close(): Promise<void>
}

/** The one path that Hearth uses for an operator. */
export const operatorPath = "m/44'/60'/0'/0/0"
