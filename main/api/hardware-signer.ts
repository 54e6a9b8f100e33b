/**
 * The device that holds the operator's key. On the practice network one random key per home stands behind this port;
 * a hardware wallet takes its place without any caller noticing.
 */
export type HardwareSigner = {
  /** Checksummed account at a BIP-32 path such as `m/44'/60'/0'/0/0`. */
  getAddress(path: string): Promise<string>
  /** EIP-191 signature (65 bytes, v 27 or 28) over the text bytes as shown. Rejects with REFUSED when the person says no. */
  signPersonalMessage(path: string, bytes: Uint8Array): Promise<Uint8Array>
}

/** The one path that Hearth uses for an operator. */
export const operatorPath = "m/44'/60'/0'/0/0"
