import { loadEmulatorTransport } from './packages.ts'
import { postApdu } from './post-apdu.ts'
import type { TransportOpener } from './open-transport.ts'

/** Carries one APDU (hex) to a device that speaks the emulator's interface and gives its answer (hex). */
export type ApduCarrier = (dataHex: string, signal: AbortSignal) => Promise<string>

/** Opens the vendor's emulator, or a practice Ledger, at an address of the network (PROTOCOL 1.13). */
export function emulatorOpener(o: { host: string; port: number }): TransportOpener {
  return carriedBy((dataHex, signal) => postApdu({ ...o, dataHex, signal }))
}

/**
 * The vendor's emulator transport over a carrier. Its own `open` is passed by on purpose: it listens to an event stream that
 * nobody here needs, parses it line by line across chunk borders outside any promise, and so lets a hostile or merely slow
 * server end the process; it also asks the proxy of the environment to carry APDUs.
 */
export function carriedBy(carry: ApduCarrier): TransportOpener {
  return async () => {
    const Transport = await loadEmulatorTransport()
    const ending = new AbortController()
    const transport = new Transport(
      { post: async (_url, { data }) => ({ data: { data: await carry(data, ending.signal) } }) },
      {},
    )
    transport.eventStream = { destroy() {} }
    return {
      transport,
      async close() {
        ending.abort()
        await transport.close()
      },
    }
  }
}
