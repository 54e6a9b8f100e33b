import { HearthError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import type { OperatorDevice } from '../api/hardware-signer.ts'
import type { DeviceChoice } from '../api/wallet.ts'
import type { KeyStore } from '../store/index.ts'
import { refuseDevelopmentAccount } from './development-accounts.ts'
import { createLedgerDevice, type LedgerOptions } from './ledger/device-ledger.ts'
import type { DeviceLimits } from './ledger/apdu-limits.ts'
import { emulatorOpener } from './ledger/open-emulator.ts'
import { practiceLedgerOpener } from './ledger/open-practice.ts'
import { usbOpener } from './ledger/open-usb.ts'
import { practiceOperatorSigner } from './practice-operator.ts'
import { createPracticeLedger, singleKey } from './practice-ledger/index.ts'
import type { PracticeLedger } from './practice-ledger/index.ts'
import { createStateCell } from './state-cell.ts'

/** On this network, or without the developer's word, only a hardware wallet may sign (PROTOCOL 1.13). */
export class DeviceNotAllowedError extends HearthError {}

export type DeviceOptions = {
  readonly choice: DeviceChoice
  /** The home is on a practice network. */
  readonly practice: boolean
  /** Where the practice operator's key comes from. */
  readonly keys: KeyStore
  readonly log: Log
  /** The environment, for `HEARTH_ALLOW_EMULATOR=1`, which lets the emulator sign on a real network. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Shorter waits, for tests. */
  readonly limits?: Partial<DeviceLimits>
}

/** The chosen device; `practiceLedger` is the one to draw in the window, when that was chosen. */
export type OpenedDevice = { readonly device: OperatorDevice; readonly practiceLedger: PracticeLedger | null }

/** Name of the variable with which a developer lets the emulator sign on a real network. */
export const allowEmulatorVariable = 'HEARTH_ALLOW_EMULATOR'

/**
 * The device of a choice. Nothing is opened and nobody is asked before its first step. Throws DeviceNotAllowedError for
 * anything but USB on a real network, except the emulator where the developer variable is set.
 */
export function openOperatorDevice(o: DeviceOptions): OpenedDevice {
  assertAllowed(o)
  const { choice, limits = {} } = o
  const judging = o.practice ? {} : { judgeAccount: refuseDevelopmentAccount }
  const ledger = (change: Pick<LedgerOptions, 'open' | 'hardware' | 'at'>) =>
    createLedgerDevice({ limits, ...judging, ...change })
  switch (choice.kind) {
    case 'practiceKey':
      return { device: practiceKeyDevice(o), practiceLedger: null }
    case 'practiceLedger': {
      const keys = singleKey(() => o.keys.ensureKey('operator'))
      const practiceLedger = createPracticeLedger({ keys, model: choice.model })
      return { device: ledger({ open: practiceLedgerOpener(practiceLedger), hardware: false }), practiceLedger }
    }
    case 'usb':
      return { device: ledger({ open: usbOpener(), hardware: true }), practiceLedger: null }
    case 'speculos':
      return {
        device: ledger({ open: emulatorOpener(choice), hardware: false, at: `${choice.host}:${choice.port}` }),
        practiceLedger: null,
      }
  }
}

function assertAllowed({ choice, practice, env = process.env }: DeviceOptions): void {
  if (practice || choice.kind === 'usb') return
  if (choice.kind === 'speculos' && env[allowEmulatorVariable] === '1') return
  throw new DeviceNotAllowedError('HARDWARE_WALLET_NEEDED', 'On a real network only a hardware wallet may sign.', {
    action: 'Connect a Ledger by USB and use `--ledger usb`.',
    details: { choice: choice.kind },
  })
}

/** The practice operator's key as a device: it signs without asking anybody. */
function practiceKeyDevice({ keys, log }: DeviceOptions): OperatorDevice {
  const signer = practiceOperatorSigner({ keys }, log)
  const state = createStateCell({ kind: 'ready', appVersion: '' })
  return {
    ...signer,
    hardware: false,
    asksPerson: false,
    state: state.get,
    subscribe: state.subscribe,
    check: async () => state.get(),
    confirmAddress: (path) => signer.getAddress(path),
    close: async () => state.end(),
  }
}
