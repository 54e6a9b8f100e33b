import { describe, expect, test } from 'vitest'
import type { DeviceState } from '../../api/wallet.ts'
import { DeviceError, SilentDeviceError } from './device-error.ts'
import { wordsOf } from './device-words.ts'
import { stateOfFailure } from './state-of-failure.ts'
import { udevRule, udevRulePath } from './udev-rule.ts'

const onLinux = { app: 'Ethereum', platform: 'linux' }
const named = (name: string, fields: object = {}) => Object.assign(new Error('as it happens'), { name, ...fields })
const statused = (statusCode: number) => named('TransportStatusError', { statusCode })
const coded = (code: string) => Object.assign(new Error(code), { code })
const rule = { udevRule, rulePath: udevRulePath }

const table: readonly [string, unknown, DeviceState][] = [
  ['refused by the person', statused(0x6985), { kind: 'refused' }],
  ['refused, in the words of the system', statused(0x5501), { kind: 'refused' }],
  ['nothing to show in words', statused(0x6a80), { kind: 'blindSigningNeeded' }],
  ['the same, as the vendor renames it', named('EthAppPleaseEnableContractData'), { kind: 'blindSigningNeeded' }],
  ['locked', named('LockedDeviceError', { statusCode: 0x5515 }), { kind: 'locked' }],
  ['locked inside an app', statused(0x6982), { kind: 'locked' }],
  ['locked, older system', statused(0x6b0c), { kind: 'locked' }],
  ['an unknown instruction', statused(0x6d00), { kind: 'wrongApp', app: 'Ethereum' }],
  ['an unknown class', statused(0x6e00), { kind: 'wrongApp', app: 'Ethereum' }],
  ['no app open', statused(0x6511), { kind: 'wrongApp', app: 'Ethereum' }],
  ['a path of another app', statused(0x6a15), { kind: 'wrongApp', app: 'Ethereum' }],
  ['confused for good', statused(0x6a00), { kind: 'unreadable', detail: 'status 0x6a00' }],
  ['any other status', statused(0x0042), { kind: 'unreadable', detail: 'status 0x0042' }],
  ['pulled out', named('DisconnectedDevice'), { kind: 'disconnected' }],
  ['pulled out while it answered', named('DisconnectedDeviceDuringOperation'), { kind: 'disconnected' }],
  ['pulled out, as the system says it', new Error('Cannot write to hid device: gone'), { kind: 'disconnected' }],
  ['the emulator went away', coded('ECONNRESET'), { kind: 'disconnected' }],
  ['nothing connected', named('TransportError', { id: 'NoDevice' }), { kind: 'notConnected' }],
  ['no emulator there', coded('ECONNREFUSED'), { kind: 'notConnected' }],
  ['no such host', coded('ENOTFOUND'), { kind: 'notConnected' }],
  ['gone between listing and opening', coded('ENOENT'), { kind: 'notConnected' }],
  ['no permission', coded('EACCES'), { kind: 'noPermission', ...rule }],
  [
    'no permission, as the HID module says it',
    new TypeError(
      "cannot open device with path /dev/hidraw3: Failed to open a device with path '/dev/hidraw3': Permission denied",
    ),
    { kind: 'noPermission', ...rule },
  ],
  [
    'gone, as the HID module says it',
    new TypeError(
      "cannot open device with path /dev/hidraw7: Failed to open a device with path '/dev/hidraw7': No such file or directory",
    ),
    { kind: 'notConnected' },
  ],
  ['held by another program', coded('EBUSY'), { kind: 'busy' }],
  ['held, as macOS says it', new Error('IOHIDDeviceOpen failed: (0xE00002C5) exclusive access'), { kind: 'busy' }],
  ['cannot be opened for no given reason', new TypeError('cannot open device with path 1-2'), { kind: 'busy' }],
  ['frames of another program', named('TransportError', { id: 'InvalidChannel' }), { kind: 'busy' }],
  [
    'frames out of order',
    named('TransportError', { id: 'InvalidSequence' }),
    { kind: 'unreadable', detail: 'as it happens' },
  ],
  ['two exchanges at once', named('TransportRaceCondition'), { kind: 'busy' }],
  [
    'a system without libusb',
    new Error('libusb-1.0.so.0: cannot open shared object file: No such file or directory'),
    { kind: 'noUsbSupport', detail: 'libusb-1.0.so.0: cannot open shared object file: No such file or directory' },
  ],
  ['silent', new SilentDeviceError({ asked: false, signing: false, limitMs: 1 }), { kind: 'silent' }],
  ['an answer without a status', new RangeError('out of range'), { kind: 'unreadable', detail: 'out of range' }],
  ['what is no error', 'odd', { kind: 'unreadable', detail: 'odd' }],
  ['nothing', undefined, { kind: 'unreadable', detail: 'undefined' }],
  [
    'a state that a step found itself',
    new DeviceError({ kind: 'wrongApp', app: 'Bitcoin' }),
    { kind: 'wrongApp', app: 'Bitcoin' },
  ],
]

describe('the state of a failed step', () => {
  test.each(table)('%s', (_name, error, state) => {
    expect(stateOfFailure(error, onLinux)).toEqual(state)
  })

  test('offers a rule on Linux only', () => {
    expect(stateOfFailure(coded('EACCES'), { ...onLinux, platform: 'darwin' })).toEqual({ kind: 'busy' })
  })

  test('keeps a foreign message to one short printable line', () => {
    const state = stateOfFailure(new Error(`a\u0007${'b'.repeat(500)}\nsecond`), onLinux)
    expect(state).toEqual({ kind: 'unreadable', detail: `a?${'b'.repeat(158)}` })
  })

  test('has words and a way on, one code each', () => {
    const states = [...table.map(([, , state]) => state), otherAccount, { kind: 'reviewLeft' } as const]
    const words = states.map((state) => ({ kind: state.kind, ...wordsOf(state) }))
    for (const { message, action } of words) {
      expect(message).toMatch(/\.$/)
      expect(action.length).toBeGreaterThan(10)
    }
    expect(new Set(words.map(({ code }) => code)).size).toBe(new Set(words.map(({ kind }) => kind)).size)
  })

  test('gives the rule itself, not its comment, to someone without permission', () => {
    expect(wordsOf({ kind: 'noPermission', ...rule }).action).toContain('KERNEL=="hidraw*"')
    expect(wordsOf({ kind: 'noPermission', ...rule }).action).toContain(udevRulePath)
  })
})

const otherAccount = { kind: 'otherAccount', expected: `0x${'1'.repeat(40)}`, found: `0x${'2'.repeat(40)}` } as const
