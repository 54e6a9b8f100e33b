import type { DeviceState } from '../../main/api/wallet.ts'
import { groupAddress } from './identifier.ts'
import { t } from './message.ts'

/** A state of the device in words: what it is, what it means, and what the person can do. */
export type DeviceWords = {
  readonly tone: 'plain' | 'good' | 'warning' | 'bad'
  readonly title: string
  readonly text: string
  /** True when looking once more may help. */
  readonly checkAgain: boolean
  /** A file to make, with its text, when the system keeps programs from the device. */
  readonly file: { readonly path: string; readonly text: string } | null
  /** The system's own words, for those who can use them. */
  readonly detail: string | null
}

/** Puts every state of a device into words with its way on. */
export function describeDevice(state: DeviceState): DeviceWords {
  const base = { title: t(`device.${state.kind}`), checkAgain: true, file: null, detail: null }
  const text = (values?: Readonly<Record<string, string>>): string => t(`device.${state.kind}Text`, values)
  switch (state.kind) {
    case 'unknown':
      return { ...base, tone: 'plain', text: text() }
    case 'ready':
      return { ...base, tone: 'good', text: text({ version: state.appVersion }) }
    case 'waitingForPerson':
      return { ...base, tone: 'warning', text: text(), checkAgain: false }
    case 'noPermission':
      return {
        ...base,
        tone: 'bad',
        text: text({ path: state.rulePath }),
        file: { path: state.rulePath, text: state.udevRule },
      }
    case 'noUsbSupport':
    case 'unreadable':
      return { ...base, tone: 'bad', text: text(), detail: state.detail }
    case 'wrongApp':
      return { ...base, tone: 'warning', text: text({ app: state.app }) }
    case 'appOutdated':
      return { ...base, tone: 'warning', text: text({ version: state.appVersion, needed: state.neededVersion }) }
    case 'otherAccount':
      return {
        ...base,
        tone: 'bad',
        text: text({ expected: groupAddress(state.expected), found: groupAddress(state.found) }),
      }
    case 'notReached':
      return { ...base, tone: 'warning', text: text({ at: state.at }) }
    case 'refused':
      return { ...base, tone: 'plain', text: text() }
    case 'notConnected':
    case 'locked':
    case 'blindSigningNeeded':
    case 'disconnected':
    case 'reviewLeft':
    case 'busy':
    case 'silent':
      return { ...base, tone: 'warning', text: text() }
  }
}

/** True for a state that keeps a question from being asked or answered. */
export function isDeviceInTheWay(state: DeviceState): boolean {
  return state.kind !== 'unknown' && state.kind !== 'ready' && state.kind !== 'waitingForPerson'
}
