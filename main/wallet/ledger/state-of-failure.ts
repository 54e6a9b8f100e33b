import type { DeviceState } from '../../api/wallet.ts'
import { DeviceError, SilentDeviceError } from './device-error.ts'
import { udevRule, udevRulePath } from './udev-rule.ts'

/** What is known about a failed step besides its error. */
export type FailureContext = {
  /** The app that the device named before, or null. */
  readonly app: string | null
  /** `process.platform` */
  readonly platform: string
}

/** Fields of errors of Node, of the HID module and of the vendor's packages, whose classes exist in several copies. */
type Clues = {
  readonly name: string
  readonly message: string
  readonly code: string
  readonly id: string
  readonly statusCode: number | null
}

/**
 * Turns whatever a step on a device failed with into the state that the person sees. Pure.
 *
 * Vendor errors are told apart by name and fields, never by class: their packages bring three copies of the classes.
 */
export function stateOfFailure(error: unknown, context: FailureContext): DeviceState {
  if (error instanceof DeviceError) return error.state
  if (error instanceof SilentDeviceError) return { kind: 'silent' }
  const clues = cluesOf(error)
  if (clues.statusCode !== null) return stateOfStatus(clues.statusCode, context)
  return (
    stateOfName(clues) ??
    stateOfCode(clues.code, context) ??
    stateOfMessage(clues.message, context) ?? { kind: 'unreadable', detail: oneLine(clues.message) }
  )
}

/** Status words of the device's system and of its Ethereum app (ISO 7816-4; observed values in the folder's README). */
function stateOfStatus(status: number, { app }: FailureContext): DeviceState {
  switch (status) {
    case 0x6985:
    case 0x5501:
      return { kind: 'refused' }
    case 0x6a80:
      return { kind: 'blindSigningNeeded' }
    case 0x5515:
    case 0x6982:
    case 0x6b0c:
    case 0x6804:
      return { kind: 'locked' }
    case 0x6d00:
    case 0x6d02:
    case 0x6e00:
    case 0x6e01:
    case 0x6511:
    case 0x6a15:
      return { kind: 'wrongApp', app: app ?? '' }
    default:
      return { kind: 'unreadable', detail: `status 0x${status.toString(16).padStart(4, '0')}` }
  }
}

function stateOfName({ name, id }: Clues): DeviceState | null {
  switch (name) {
    case 'DisconnectedDevice':
    case 'DisconnectedDeviceDuringOperation':
      return { kind: 'disconnected' }
    case 'EthAppPleaseEnableContractData':
      return { kind: 'blindSigningNeeded' }
    case 'TransportRaceCondition':
      return { kind: 'busy' }
    case 'TransportError':
      if (['NoDevice', 'NoDeviceFound', 'ListenTimeout'].includes(id)) return { kind: 'notConnected' }
      // Frames of another program's channel, or a lock that another step holds.
      return ['InvalidChannel', 'TransportLocked'].includes(id) ? { kind: 'busy' } : null
    default:
      return null
  }
}

function stateOfCode(code: string, context: FailureContext): DeviceState | null {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return noPermission(context)
    case 'EBUSY':
      return { kind: 'busy' }
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
      return { kind: 'notConnected' }
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'disconnected' }
    default:
      return null
  }
}

/** The HID module and the loader have no codes, only the system's own words. */
function stateOfMessage(message: string, context: FailureContext): DeviceState | null {
  const says = (words: RegExp) => words.test(message)
  if (says(/cannot open shared object|no native build|cannot find module|hidapi not initialized|dlopen/i)) {
    return { kind: 'noUsbSupport', detail: oneLine(message) }
  }
  if (says(/permission denied|access denied|operation not permitted/i)) return noPermission(context)
  if (says(/resource busy|exclusive access|0xE00002C5|used by another/i)) return { kind: 'busy' }
  if (says(/no such (file|device)/i)) return { kind: 'notConnected' }
  if (says(/cannot open device/i)) return { kind: 'busy' }
  if (says(/cannot write to hid device|could not read from hid|closed device/i)) return { kind: 'disconnected' }
  return null
}

/** Only Linux has rules to add; elsewhere a refusal means that another program was given the device. */
function noPermission({ platform }: FailureContext): DeviceState {
  return platform === 'linux' ? { kind: 'noPermission', udevRule, rulePath: udevRulePath } : { kind: 'busy' }
}

function cluesOf(error: unknown): Clues {
  const fields = typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {}
  const text = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '')
  const statusCode = typeof fields['statusCode'] === 'number' ? fields['statusCode'] : null
  const message = text('message') === '' ? String(error) : text('message')
  return { name: text('name'), message, code: text('code'), id: text('id'), statusCode }
}

/** The first line of a foreign message, printable and short: it is shown to a person. */
export function oneLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return line.replace(/[^\x20-\x7e]/g, '?').slice(0, 160)
}
