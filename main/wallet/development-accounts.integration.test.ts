import { HDNodeWallet, Mnemonic } from 'ethers'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { KeyStore } from '../store/index.ts'
import { developmentAccounts } from './development-accounts.ts'
import { openOperatorDevice } from './index.ts'
import { startPracticeDevice } from './testing/practice-device.ts'
import type { PracticeDevice } from './testing/practice-device.ts'

/** Of the emulator, of a test chain, and the first example of BIP-39. */
const phrases = [
  'glory promote mansion idle axis finger extra february uncover one trip resource lawn turtle enact monster seven myth punch hobby comfort wild raise skin',
  'test test test test test test test test test test test junk',
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
]
const seedOf = (phrase: string) => Buffer.from(Mnemonic.fromPhrase(phrase).computeSeed().slice(2), 'hex')

let practice: PracticeDevice | null = null
afterEach(() => practice?.stop())

function deviceOn(real: boolean) {
  const choice = { kind: 'speculos', host: practice!.server.host, port: practice!.server.port } as const
  const env = { HEARTH_ALLOW_EMULATOR: '1' }
  const keys = {} as KeyStore
  return openOperatorDevice({ choice, practice: !real, keys, log: silentLog, env }).device
}

test.each(phrases)('a phrase that everyone knows is refused on a real network: %s', async (phrase) => {
  practice = await startPracticeDevice({ seed: seedOf(phrase) })
  const account = HDNodeWallet.fromPhrase(phrase, undefined, operatorPath).address
  expect(developmentAccounts).toContain(account)
  const device = deviceOn(true)
  await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVELOPMENT_ACCOUNT' })
  await expect(device.signPersonalMessage(operatorPath, new TextEncoder().encode('x'))).rejects.toMatchObject({
    code: 'DEVELOPMENT_ACCOUNT',
  })
  expect(await deviceOn(false).getAddress(operatorPath)).toBe(account)
})

test('a phrase of its own is not', async () => {
  practice = await startPracticeDevice()
  expect(await deviceOn(true).getAddress(operatorPath)).toMatch(/^0x/)
})
