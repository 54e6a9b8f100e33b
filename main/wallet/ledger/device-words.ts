import type { DeviceState } from '../../api/wallet.ts'

/** What the command line and logs say about a state; the window has its own words for the same codes. */
export type DeviceWords = { readonly code: string; readonly message: string; readonly action: string }

const again = 'Nothing was signed. Try again.'

/** Code, plain words and the way on for every state of a device. Pure. */
export function wordsOf(state: DeviceState): DeviceWords {
  switch (state.kind) {
    case 'unknown':
      return words('DEVICE_UNKNOWN', 'Nothing was asked of the device yet.', 'Connect it and try again.')
    case 'ready':
      return words('DEVICE_READY', `The device is ready (Ethereum app ${state.appVersion}).`, 'Go on.')
    case 'waitingForPerson':
      return words('DEVICE_WAITING', 'The device waits for your answer.', 'Read its screen and decide there.')
    case 'notConnected':
      return words('DEVICE_NOT_CONNECTED', 'No Ledger was found.', 'Connect it, unlock it and open its Ethereum app.')
    case 'notReached':
      return words(
        'DEVICE_NOT_REACHED',
        `No Ledger was found at ${state.at}: nothing answers there as the emulator does.`,
        'Start the emulator, or `hearth practice-ledger`, and name its address and port.',
      )
    case 'noPermission':
      return words(
        'DEVICE_NO_PERMISSION',
        'The Ledger is connected, but this account may not speak to it.',
        `Put this line into ${state.rulePath} as administrator, then connect it again: ${ruleLine(state.udevRule)}`,
      )
    case 'noUsbSupport':
      return words(
        'NO_USB_SUPPORT',
        `This system cannot speak to USB devices (${state.detail}).`,
        'On Debian and Ubuntu install the package libusb-1.0-0, on Fedora libusb1, then try again.',
      )
    case 'locked':
      return words('DEVICE_LOCKED', 'The device is locked.', 'Enter its PIN, open its Ethereum app and try again.')
    case 'wrongApp':
      return words('DEVICE_WRONG_APP', wrongApp(state.app), 'Open the Ethereum app on it and try again.')
    case 'appOutdated':
      return words(
        'DEVICE_APP_OUTDATED',
        `The device's Ethereum app ${state.appVersion} is too old: it does not show the whole text before it signs.`,
        `Bring it to ${state.neededVersion} or newer with the vendor's program, then try again.`,
      )
    case 'refused':
      return words('REFUSED', 'You refused it on the device.', 'Nothing was changed.')
    case 'blindSigningNeeded':
      return words(
        'BLIND_SIGNING_NEEDED',
        'The device cannot show this in words, and blind signing is off.',
        'Better sign the sentence, which it shows. Only for a transaction: switch blind signing on in its Ethereum app.',
      )
    case 'disconnected':
      return words('DEVICE_DISCONNECTED', 'The device went away in the middle.', `Connect it again. ${again}`)
    case 'reviewLeft':
      return words(
        'DEVICE_REVIEW_LEFT',
        'A question from before is still on the device.',
        'Refuse it on the device, then try again.',
      )
    case 'busy':
      return words('DEVICE_BUSY', 'Another program is using the device.', `Close the other program. ${again}`)
    case 'silent':
      return words('DEVICE_SILENT', 'The device does not answer.', `Disconnect it and connect it again. ${again}`)
    case 'otherAccount':
      return words(
        'DEVICE_OTHER_ACCOUNT',
        `This device has the account ${state.found}, not ${state.expected}.`,
        'Connect the device that this computer works for.',
      )
    case 'unreadable':
      return words('DEVICE_UNREADABLE', `The device answered with something unknown (${state.detail}).`, again)
  }
}

function words(code: string, message: string, action: string): DeviceWords {
  return { code, message, action }
}

/** The device's own menu calls itself BOLOS. */
function wrongApp(app: string): string {
  if (app === '' || app === 'BOLOS') return 'The Ethereum app is not open on the device.'
  return `The app "${app}" is open on the device, not Ethereum.`
}

/** The rule without its comment. */
function ruleLine(rule: string): string {
  return rule.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
}
