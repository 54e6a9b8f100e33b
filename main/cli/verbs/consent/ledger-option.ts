import type { ConsentForm, DeviceChoice } from '../../../api/wallet.ts'
import { parseDeviceChoice } from '../../../wallet/index.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbOptions, type VerbValues } from '../verb.ts'

/** The options that every verb with a consent takes. */
export const ledgerOptions: VerbOptions = { ledger: { type: 'string' }, transaction: { type: 'boolean' } }

/** How they are written in the usage of a verb. */
export const ledgerUsage = '[--ledger usb|speculos:HOST:PORT] [--transaction]'

/** The device that `--ledger` names; null when it was left out. */
export function readLedger(values: VerbValues): DeviceChoice | null {
  const text = textOption(values, 'ledger')
  if (text === null) return null
  const choice = parseDeviceChoice(text)
  if (choice !== null) return choice
  throw new UsageError(`"${text}" names no device.`, 'Write --ledger usb or --ledger speculos:HOST:PORT.')
}

/** `--transaction`: a transaction of the device's own account in place of the readable text. */
export function readForm(values: VerbValues): ConsentForm {
  return values['transaction'] === true ? 'transaction' : 'sentence'
}

/** For what needs nobody's signature, and so knows no other form of it. */
export function refuseTransaction(values: VerbValues, words: string): void {
  if (readForm(values) === 'sentence') return
  throw new UsageError(`\`hearth ${words}\` needs no signature, so --transaction does not belong to it.`)
}
