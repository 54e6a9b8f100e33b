import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SigningKey, Transaction, computeAddress, hashMessage, hexlify, recoverAddress } from 'ethers'
import { describe, expect, test } from 'vitest'
import { operatorPath } from '../../api/hardware-signer.ts'
import { waitOf } from './apdu-limits.ts'
import { createLedgerDevice } from './device-ledger.ts'
import type { TransportOpener } from './open-transport.ts'
import { loadEthApp } from './packages.ts'
import type { LedgerTransport } from './packages.ts'
import { parseAppAndVersion } from './read-app.ts'
import { signText } from './steps.ts'

const load = createRequire(import.meta.url)
const { openTransportReplayer, RecordStore } = load('@ledgerhq/hw-transport-mocker') as {
  openTransportReplayer(store: unknown): Promise<LedgerTransport>
  RecordStore: { fromString(text: string): { ensureQueueEmpty(): void } }
}

/** Exchanges of real devices that the vendor ships beside its client, in the files of its tests. */
const tests = join(dirname(load.resolve('@ledgerhq/hw-app-eth')), '..', 'tests')
const recordings = join(tests, 'fixtures', 'apdus')
const exchangesInTests = readFileSync(join(tests, 'Eth.unit.test.ts'), 'utf8').matchAll(
  /=> ?([0-9a-f]+)\s+<= ?([0-9a-f]+)/g,
)
const recorded = new Map([...exchangesInTests].map(([, command, answer]) => [command!, answer!]))

function replay(text: string) {
  const store = RecordStore.fromString(text)
  const open: TransportOpener = async () => ({ transport: await openTransportReplayer(store), close: async () => {} })
  return { store, open, device: createLedgerDevice({ open, hardware: true }) }
}

/** One recorded exchange, found by how its command begins. */
function findExchange(start: string): { command: string; answer: string } {
  const [command, answer] = [...recorded].find(([one]) => one.startsWith(start)) ?? []
  if (command === undefined || answer === undefined) throw new Error(`No recorded command begins with ${start}.`)
  return { command, answer }
}

const lines = (...exchanges: (readonly [string, string])[]) =>
  exchanges.map(([command, answer]) => `=> ${command}\n<= ${answer}`).join('\n')

/** The configuration as the current app answers it; the recorded one is of 1.1.6, the version only is newer here. */
const configuration = ['e006000000', '010116009000'] as const
const appFile = (version: string) => readFileSync(join(recordings, `version-${version}.apdus`), 'utf8').trim()

describe('recorded devices', () => {
  test.each(['1.11.1', '1.12.0'])('app %s is the Ethereum app and new enough', async (version) => {
    const answer = /<= ([0-9a-f]+)/.exec(appFile(version))![1]!
    expect(parseAppAndVersion(Buffer.from(answer, 'hex'))).toEqual({ name: 'Ethereum', version })
    const { device, store } = replay(`${appFile(version)}\n${lines(configuration)}`)
    expect(await device.check()).toEqual({ kind: 'ready', appVersion: version })
    store.ensureQueueEmpty()
  })

  test('app 1.0.0 is too old to show a sentence', async () => {
    const { device } = replay(appFile('1.0.0'))
    expect(await device.check()).toMatchObject({ kind: 'appOutdated', appVersion: '1.0.0' })
  })

  test('an account and a transaction of one device go through ours, signer checked', async () => {
    const transfer = findExchange('e00400003f058000002c8000003c80000000000000000000000002e8')
    const unsigned = `0x${transfer.command.slice(52)}`
    const { answer } = findExchange('e00201001d')
    const signer = signerOf(unsigned, transfer.answer)
    const account = `${accountAnswerOf(signer)}9000`
    const { device, store } = replay(
      [
        appFile('1.12.0'),
        lines(configuration, [`e002000015058000002c8000003c800000000000000000000000`, account]),
        lines([transfer.command, transfer.answer]),
      ].join('\n'),
    )
    const signed = Transaction.from(await device.signTransaction(operatorPath, unsigned))
    expect(signed.from).toBe(computeAddress(signer))
    store.ensureQueueEmpty()
    // The account that the vendor recorded for this path has the same form.
    expect(account.length).toBe(answer.length)
  })

  test('a text: its signature counts for the account that signed it and for no other', async () => {
    const { command, answer } = findExchange('e00800001d')
    const text = new TextEncoder().encode('test')
    const path = "44'/60'/0'/0'/0"
    const signer = SigningKey.recoverPublicKey(hashMessage(text), {
      r: `0x${answer.slice(2, 66)}`,
      s: `0x${answer.slice(66, 130)}`,
      v: Number.parseInt(answer.slice(0, 2), 16),
    })
    const ask = 'e002000015058000002c8000003c800000008000000000000000'
    const sign = async (accountAnswer: string) => {
      const { open } = replay(lines([ask, accountAnswer], [command, answer]))
      const { transport } = await open(new AbortController().signal)
      const eth = new (await loadEthApp())(transport)
      const app = { name: 'Ethereum', version: '1.12.0', blindSigning: false }
      return signText({ eth, app }, { path, expected: null, bytes: text })
    }
    expect(hexlify(await sign(`${accountAnswerOf(signer)}9000`))).toBe(`0x${answer.slice(2, 130)}${answer.slice(0, 2)}`)
    await expect(sign(recorded.get(ask)!)).rejects.toMatchObject({ code: 'DEVICE_UNREADABLE' })
  })

  test('in every recording of typed data only the last command waits for a person', () => {
    const files = readdirSync(recordings).filter((name) => /^\d/.test(name))
    expect(files.length).toBeGreaterThan(30)
    for (const name of files) {
      const text = readFileSync(join(recordings, name), 'utf8')
      const commands = [...text.matchAll(/=> ?([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex!, 'hex'))
      const waits = commands.map((command) => waitOf(command))
      expect(waits.indexOf('person')).toBe(waits.length - 1)
    }
  })
})

function signerOf(unsigned: string, answer: string): string {
  const transaction = Transaction.from(unsigned)
  const signature = {
    yParity: Number.parseInt(answer.slice(0, 2), 16) as 0 | 1,
    r: `0x${answer.slice(2, 66)}`,
    s: `0x${answer.slice(66, 130)}`,
  }
  expect(recoverAddress(transaction.unsignedHash, signature)).toMatch(/^0x/)
  return SigningKey.recoverPublicKey(transaction.unsignedHash, signature)
}

/** The account answer of the device with this public key. */
function accountAnswerOf(publicKey: string): string {
  const address = Buffer.from(computeAddress(publicKey).slice(2), 'latin1').toString('hex')
  return `41${publicKey.slice(2)}28${address}`
}
