import { deviceChoiceSchema } from '../api/wallet.ts'
import type { DeviceChoice } from '../api/wallet.ts'

/** What `--ledger` takes: `usb` or `speculos:HOST:PORT` (an IPv6 host in brackets). Null for anything else. Pure. */
export function parseDeviceChoice(text: string): DeviceChoice | null {
  if (text === 'usb') return { kind: 'usb' }
  const match = /^speculos:(\[[0-9a-fA-F:.]+\]|[^:[\]\s/@]+):(\d{1,5})$/.exec(text)
  if (match === null) return null
  const parsed = deviceChoiceSchema.safeParse({ kind: 'speculos', host: match[1], port: Number(match[2]) })
  return parsed.success ? parsed.data : null
}
