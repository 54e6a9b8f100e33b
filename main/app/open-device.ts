import { HearthError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import type { OperatorDevice } from '../api/hardware-signer.ts'
import type { DeviceChoice } from '../api/wallet.ts'
import type { Home } from '../store/index.ts'
import { practiceOperatorSigner } from '../wallet/index.ts'

/** Opens what the person chose to hold the operator's key. Nothing is spoken to before a step needs it. */
export function openDevice({ home, choice, log }: { home: Home; choice: DeviceChoice; log: Log }): OperatorDevice {
  switch (choice.kind) {
    case 'practiceKey':
      return practiceKeyDevice(home, log)
    case 'practiceLedger':
    case 'usb':
    case 'speculos':
      throw new HearthError('NO_HARDWARE_WALLET', 'This version of Hearth has the practice key only.')
  }
}

/** The practice key as a device that is always there and asks nobody. */
function practiceKeyDevice(home: Home, log: Log): OperatorDevice {
  const signer = practiceOperatorSigner(home, log)
  const state = { kind: 'unknown' } as const
  return {
    ...signer,
    hardware: false,
    asksPerson: false,
    state: () => state,
    subscribe: () => () => {},
    check: async () => state,
    confirmAddress: (path) => signer.getAddress(path),
    signTransaction: () =>
      Promise.reject(new HearthError('SENTENCES_ONLY', 'The practice key signs sentences only, no transactions.')),
    close: async () => {},
  }
}
