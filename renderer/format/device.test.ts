import { expect, test } from 'vitest'
import { fakeDeviceStates, fakeOperator, fakeStranger } from '../bridge/fake-wallet.ts'
import { describeDevice, isDeviceInTheWay } from './device.ts'
import { groupAddress } from './identifier.ts'

test('every state of a device has a name and a sentence of its own, with nothing left to fill in', () => {
  const words = fakeDeviceStates.map(describeDevice)
  expect(new Set(words.map(({ title }) => title)).size).toBe(fakeDeviceStates.length)
  for (const { title, text } of words) {
    expect(title).not.toContain('device.')
    expect(text.length).toBeGreaterThan(40)
    expect(`${title}${text}`).not.toMatch(/[{}]|undefined/)
  }
})

test('a state that is in the way can be looked at again, one that waits for the person cannot', () => {
  for (const state of fakeDeviceStates) {
    expect(describeDevice(state).checkAgain).toBe(state.kind !== 'waitingForPerson')
    if (isDeviceInTheWay(state)) expect(describeDevice(state).tone).not.toBe('good')
  }
})

test('without permission on Linux the file to make is handed over whole', () => {
  const state = fakeDeviceStates.find(({ kind }) => kind === 'noPermission')!
  expect(describeDevice(state).file).toEqual({
    path: '/etc/udev/rules.d/70-hearth-ledger.rules',
    text: expect.stringContaining('2c97') as string,
  })
})

test('a device of another account names both accounts in full', () => {
  const { text } = describeDevice({ kind: 'otherAccount', expected: fakeOperator, found: fakeStranger })
  expect(text).toContain(groupAddress(fakeOperator))
  expect(text).toContain(groupAddress(fakeStranger))
})
