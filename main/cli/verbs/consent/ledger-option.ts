import type { DeviceChoice } from '../../../api/wallet.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbOptions, type VerbValues } from '../verb.ts'

/** The option that every verb with a consent takes. */
export const ledgerOptions: VerbOptions = { ledger: { type: 'string' } }

/** How it is written in the usage of a verb. */
export const ledgerUsage = '[--ledger usb|speculos:HOST:PORT]'

/** The device that `--ledger` names; null when it was left out. */
export function readLedger(values: VerbValues): DeviceChoice | null {
  const text = textOption(values, 'ledger')
  if (text === null) return null
  if (text === 'usb') return { kind: 'usb' }
  const match = /^speculos:([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):([0-9]{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (match !== null && port >= 1 && port <= 65_535) return { kind: 'speculos', host: match[1]!, port }
  throw new UsageError(`"${text}" names no device.`, 'Write --ledger usb or --ledger speculos:HOST:PORT.')
}
