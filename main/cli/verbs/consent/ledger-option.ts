import type { DeviceChoice } from '../../../api/wallet.ts'
import { parseDeviceChoice } from '../../../wallet/index.ts'
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
  const choice = parseDeviceChoice(text)
  if (choice !== null) return choice
  throw new UsageError(`"${text}" names no device.`, 'Write --ledger usb or --ledger speculos:HOST:PORT.')
}
