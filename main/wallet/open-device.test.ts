import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transaction, hexlify, verifyMessage } from 'ethers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { DeviceChoice } from '../api/wallet.ts'
import { openHome } from '../store/index.ts'
import type { Home } from '../store/index.ts'
import { openOperatorDevice, parseDeviceChoice, pressAlways } from './index.ts'
import { bytesOf, sentence } from './testing/practice-device.ts'

let directory: string
let home: Home
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-device-'))
  home = openHome(directory)
  await home.network.write({ practice: true, chainId: 7, genesisHash: `0x${'ab'.repeat(32)}` })
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (choice: DeviceChoice, o: { practice?: boolean; env?: Record<string, string> } = {}) =>
  openOperatorDevice({ choice, practice: o.practice ?? true, keys: home.keys, log: silentLog, env: o.env ?? {} })

const speculos: DeviceChoice = { kind: 'speculos', host: '127.0.0.1', port: 5000 }
const choices: readonly DeviceChoice[] = [
  { kind: 'practiceKey' },
  { kind: 'practiceLedger', model: 'touch' },
  { kind: 'usb' },
  speculos,
]

describe('the chosen device', () => {
  test('only USB counts as hardware, and only the practice key asks nobody', () => {
    const flags = choices.map((choice) => {
      const { device } = open(choice)
      return [choice.kind, device.hardware, device.asksPerson]
    })
    expect(flags).toEqual([
      ['practiceKey', false, false],
      ['practiceLedger', false, true],
      ['usb', true, true],
      ['speculos', false, true],
    ])
  })

  test('on a real network an emulator signs only by a developer’s word, and practice devices never do', () => {
    for (const choice of choices) {
      const allowed = choice.kind === 'usb'
      const attempt = () => open(choice, { practice: false })
      if (allowed) expect(attempt().device.hardware).toBe(true)
      else expect(attempt).toThrow(expect.objectContaining({ code: 'HARDWARE_WALLET_NEEDED' }))
    }
    const env = { HEARTH_ALLOW_EMULATOR: '1' }
    expect(open(speculos, { practice: false, env }).device.hardware).toBe(false)
    expect(() => open(choices[1]!, { practice: false, env })).toThrow()
    expect(() => open(speculos, { practice: false, env: { HEARTH_ALLOW_EMULATOR: '0' } })).toThrow()
  })

  test('the practice Ledger and the practice key are one account', async () => {
    const { device, practiceLedger } = open({ kind: 'practiceLedger', model: 'twoButton' })
    pressAlways(practiceLedger!, 'approve')
    const key = open({ kind: 'practiceKey' }).device
    const account = await device.getAddress(operatorPath)
    expect(await key.getAddress(operatorPath)).toBe(account)
    const signatures = await Promise.all(
      [device, key].map((one) => one.signPersonalMessage(operatorPath, bytesOf(sentence))),
    )
    for (const signature of signatures) expect(verifyMessage(sentence, hexlify(signature))).toBe(account)
    expect(hexlify(signatures[0]!)).toBe(hexlify(signatures[1]!))
    await device.close()
  })

  test('the practice key is always ready and signs a transaction too', async () => {
    const { device } = open({ kind: 'practiceKey' })
    expect((await device.check()).kind).toBe('ready')
    const unsigned = Transaction.from({
      type: 2,
      chainId: 7n,
      to: `0x${'7'.repeat(40)}`,
      gasLimit: 21_000n,
      maxFeePerGas: 1n,
    })
    const signed = Transaction.from(await device.signTransaction(operatorPath, unsigned.unsignedSerialized))
    expect(signed.from).toBe(await device.confirmAddress(operatorPath))
    await expect(device.signTransaction("m/44'/60'/1'/0/0", unsigned.unsignedSerialized)).rejects.toMatchObject({
      code: 'WRONG_PATH',
    })
  })
})

test.each([
  ['usb', { kind: 'usb' }],
  ['speculos:127.0.0.1:5000', { kind: 'speculos', host: '127.0.0.1', port: 5000 }],
  ['speculos:[::1]:5000', { kind: 'speculos', host: '[::1]', port: 5000 }],
  ['speculos:my-machine.local:65535', { kind: 'speculos', host: 'my-machine.local', port: 65_535 }],
  ['speculos', null],
  ['speculos:host', null],
  ['speculos:host:0', null],
  ['speculos:host:65536', null],
  ['speculos:a@b:5000', null],
  ['speculos:a/b:5000', null],
  ['bluetooth', null],
  ['', null],
])('--ledger %s', (text, choice) => {
  expect(parseDeviceChoice(text)).toEqual(choice)
})
