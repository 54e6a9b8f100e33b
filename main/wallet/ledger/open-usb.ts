import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { loadHidTransport } from './packages.ts'
import type { HidTransportClass } from './packages.ts'
import type { OpenTransport, TransportOpener } from './open-transport.ts'

/** What is replaced in tests, since no test machine has a device. */
export type UsbParts = {
  readonly load: () => Promise<HidTransportClass>
  readonly assertUsable: (path: string) => Promise<void>
}

const realParts: UsbParts = {
  load: loadHidTransport,
  assertUsable: (path) => access(path, constants.R_OK | constants.W_OK),
}

/** Opens the first Ledger that is connected by USB. */
export function usbOpener(parts: UsbParts = realParts): TransportOpener {
  return async () => {
    const hid = await parts.load()
    const [path] = await hid.list()
    if (path === undefined) throw Object.assign(new Error('No Ledger is connected.'), { code: 'ENODEV' })
    // The HID module says only that it cannot open it; the system's own answer names the cause.
    if (path.startsWith('/dev/')) await parts.assertUsable(path)
    return openPath(hid, path)
  }
}

async function openPath(hid: HidTransportClass, path: string): Promise<OpenTransport> {
  const transport = await hid.open(path)
  return {
    transport,
    async close() {
      // Ends a read that waits for a person; without it the handle could not be closed before the person decided.
      transport.device.pause()
      await transport.close()
    },
  }
}
