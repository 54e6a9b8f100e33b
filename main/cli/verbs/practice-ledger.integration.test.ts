import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, Transaction, verifyMessage } from 'ethers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { silentLog } from '../../../roles/api/values.ts'
import { operatorPath } from '../../api/hardware-signer.ts'
import { createNodePlatform } from '../../platform/node/index.ts'
import { openHome } from '../../store/index.ts'
import type { Home } from '../../store/index.ts'
import { openOperatorDevice, parseDeviceChoice } from '../../wallet/index.ts'
import { runHearth } from './run-hearth.ts'

let directory: string
let home: Home
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hearth-practice-ledger-'))
  home = openHome(directory)
  await home.network.write({ practice: true, chainId: 7, genesisHash: `0x${'ab'.repeat(32)}` })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const readySchema = z.object({ ready: z.literal(true), host: z.string(), port: z.number(), address: z.string() })

/** Runs the verb until `use` is done, as a script would. */
async function withVerb(args: readonly string[], use: (ready: z.infer<typeof readySchema>) => Promise<void>) {
  const stopping = new AbortController()
  const lines: string[] = []
  let stderr = ''
  const ended = runHearth({
    args: ['practice-ledger', '--json', '--home', directory, ...args],
    env: {},
    cwd: directory,
    stdout: { write: (text) => lines.push(text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal: stopping.signal,
  })
  try {
    while (lines.length === 0 && stderr === '') await new Promise((resolve) => setTimeout(resolve, 10))
    expect(stderr).toBe('')
    await use(readySchema.parse(JSON.parse(lines[0]!)))
  } finally {
    stopping.abort()
  }
  expect(await ended).toBe(0)
}

function deviceAt({ host, port }: { host: string; port: number }) {
  const choice = parseDeviceChoice(`speculos:${host}:${port}`)!
  return openOperatorDevice({ choice, practice: true, keys: home.keys, log: silentLog }).device
}

const text = 'Hearth: claim\n1.000000 PLAY'
const bytes = new TextEncoder().encode(text)

test('is the practice operator of the home, and signs when told to approve', async () => {
  await withVerb(['--auto', 'approve', '--model', 'two-button'], async (ready) => {
    const { address } = await home.keys.ensureKey('operator')
    expect(ready.address).toBe(address)
    const signature = await deviceAt(ready).signPersonalMessage(operatorPath, bytes)
    expect(verifyMessage(text, hexlify(signature))).toBe(address)
  })
})

test('refuses when told to refuse', async () => {
  await withVerb(['--auto', 'refuse'], async (ready) => {
    await expect(deviceAt(ready).signPersonalMessage(operatorPath, bytes)).rejects.toMatchObject({ code: 'REFUSED' })
  })
})

test('--blind-signing: takes a contract call, which it refuses without', async () => {
  const call = {
    type: 2,
    chainId: 7,
    to: `0x${'7'.repeat(40)}`,
    data: '0x12345678',
    gasLimit: 90_000n,
    maxFeePerGas: 9n,
  }
  const { unsignedSerialized } = Transaction.from(call)
  const sign = (ready: { host: string; port: number }) =>
    deviceAt(ready).signTransaction(operatorPath, unsignedSerialized)
  await withVerb(['--auto', 'approve'], async (ready) => {
    await expect(sign(ready)).rejects.toMatchObject({ code: 'BLIND_SIGNING_NEEDED' })
  })
  await withVerb(['--auto', 'approve', '--blind-signing'], async (ready) => {
    expect(Transaction.from(await sign(ready)).from).toBe(ready.address)
  })
})

test('--new-account is another operator each time', async () => {
  const addresses = new Set([(await home.keys.ensureKey('operator')).address])
  for (let run = 0; run < 2; run++) {
    await withVerb(['--new-account'], async (ready) => {
      addresses.add(ready.address)
      const expectedAccount = (await home.keys.ensureKey('operator')).address
      await expect(deviceAt(ready).signPersonalMessage(operatorPath, bytes, { expectedAccount })).rejects.toMatchObject(
        {
          code: 'DEVICE_OTHER_ACCOUNT',
        },
      )
    })
  }
  expect(addresses.size).toBe(3)
})

test.each([
  ['a model that is none', ['--model', 'phone'], true],
  ['a decision that is none', ['--auto', 'maybe'], true],
  ['a port that is none', ['--port', '0'], true],
  ['a name', ['x'], true],
  ['a real network', [], false],
])('%s is wrong usage', async (_name, args, practice) => {
  if (!practice) await home.network.write({ practice, chainId: 8, genesisHash: `0x${'ab'.repeat(32)}` })
  let stderr = ''
  const code = await runHearth({
    args: ['practice-ledger', '--home', directory, ...args],
    env: {},
    cwd: directory,
    stdout: { write: () => {} },
    stderr: { write: (line) => (stderr += line) },
    platform: createNodePlatform(),
    signal: new AbortController().signal,
  })
  expect([code, stderr.split('\n').length]).toEqual([2, 2])
})
