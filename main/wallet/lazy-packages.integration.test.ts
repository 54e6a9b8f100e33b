import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Transaction } from 'ethers'
import { expect, test, vi } from 'vitest'
import { operatorPath } from '../api/hardware-signer.ts'
import { pressAlways } from './index.ts'
import { bytesOf, sentence, startPracticeDevice } from './testing/practice-device.ts'

const entry = join(import.meta.dirname, 'index.ts')
const loadedPackages =
  'Object.keys(require("node:module")._cache).filter((path) => /@ledgerhq|node-hid|axios/.test(path)).length'

test("starting without a device loads none of the vendor's packages", async () => {
  const script = `import(${JSON.stringify(entry)}).then(() => console.log(${loadedPackages}))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '-e', script])
  expect(stdout.trim()).toBe('0')
})

test('no step asks a server of the vendor for anything: every connection goes to the device', async () => {
  const practice = await startPracticeDevice()
  practice.ledger.setBlindSigning(true)
  pressAlways(practice.ledger, 'approve')
  const connect = vi.spyOn(Socket.prototype, 'connect')
  try {
    const device = practice.connect()
    await device.check()
    await device.confirmAddress(operatorPath)
    await device.signPersonalMessage(operatorPath, bytesOf(sentence))
    const call = { type: 2, chainId: 1n, to: `0x${'7'.repeat(40)}`, data: '0xa9059cbb', gasLimit: 1n, maxFeePerGas: 1n }
    await device.signTransaction(operatorPath, Transaction.from(call).unsignedSerialized)
    const places = connect.mock.calls.map((call) => JSON.stringify(call[0] as unknown))
    expect(places.length).toBeGreaterThan(10)
    for (const place of places) {
      expect(place).toContain('"127.0.0.1"')
      expect(place).toContain(`"port":${practice.server.port}`)
    }
  } finally {
    connect.mockRestore()
    await practice.stop()
  }
})

test('the CommonJS builds that are asked for by name are those that `require` takes', () => {
  const load = createRequire(import.meta.url)
  for (const [name, file] of [
    ['@ledgerhq/hw-app-eth', 'lib/Eth'],
    ['@ledgerhq/hw-transport-node-hid', 'lib/TransportNodeHid'],
    ['@ledgerhq/hw-transport-node-speculos-http', 'lib/SpeculosHttpTransport'],
  ]) {
    expect(load.resolve(name!)).toBe(load.resolve(`${name}/${file}`))
  }
})
