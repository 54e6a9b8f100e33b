/**
 * The vendor's packages, loaded when a device is first spoken to: they bring a hundred modules that no start needs.
 *
 * Always the CommonJS builds in `lib/`: the ES ones leave out file extensions, which Node does not resolve, and the main
 * entries point to them. What they answer is typed as unknown, since it comes from a device.
 */

/** A transport of the vendor's, as far as it is used here. */
export type LedgerTransport = {
  readonly deviceModel?: { readonly id: string } | null | undefined
  exchange(apdu: Buffer): Promise<Buffer>
  send(cla: number, ins: number, p1: number, p2: number): Promise<Buffer>
  close(): Promise<void>
}

/** The vendor's client of the Ethereum app. */
export type EthApp = {
  getAppConfiguration(): Promise<unknown>
  getAddress(path: string, display: boolean): Promise<unknown>
  signPersonalMessage(path: string, messageHex: string): Promise<unknown>
  /** `null`: no descriptors from the vendor's servers; nothing is asked of them. */
  signTransaction(path: string, rawTransactionHex: string, resolution: null): Promise<unknown>
}

/** A transport over USB; `device` is the handle of node-hid. */
export type HidTransport = LedgerTransport & { readonly device: { pause(): void } }

export type HidTransportClass = { list(): Promise<readonly string[]>; open(path: string): Promise<HidTransport> }

/** What the emulator's transport needs of its HTTP client. */
export type ApduPoster = { post(url: string, body: { data: string }): Promise<{ data: unknown }> }

export type EmulatorTransportClass = new (
  poster: ApduPoster,
  options: object,
) => LedgerTransport & {
  eventStream: { destroy(): void }
}

export async function loadEthApp(): Promise<new (transport: LedgerTransport) => EthApp> {
  return defaultOf(await import('@ledgerhq/hw-app-eth/lib/Eth'))
}

/** Rejects where the system lacks what native HID modules need; the process goes on. */
export async function loadHidTransport(): Promise<HidTransportClass> {
  return defaultOf(await import('@ledgerhq/hw-transport-node-hid/lib/TransportNodeHid'))
}

export async function loadEmulatorTransport(): Promise<EmulatorTransportClass> {
  return defaultOf(await import('@ledgerhq/hw-transport-node-speculos-http/lib/SpeculosHttpTransport'))
}

/** Node gives a CommonJS module's exports as `default`, a bundler may give their `default` directly. */
function defaultOf<T>(module: { readonly default: unknown }): T {
  const exports = module.default as { readonly default?: unknown }
  return (exports.default ?? exports) as T
}
