import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, verifyMessage } from 'ethers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../roles/api/values.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import { openHome } from '../store/index.ts'
import { practiceOperatorSigner } from './practice-operator.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-wallet-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function signer(practice = true) {
  const home = openHome(directory)
  await home.network.write({ practice, chainId: 7, genesisHash: `0x${'ab'.repeat(32)}` })
  return practiceOperatorSigner(home, silentLog)
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('the practice operator', () => {
  test('signs the exact bytes as an EIP-191 text, with v 27 or 28', async () => {
    const device = await signer()
    const text = 'PRACTICE, no value\nHearth: claim\n12.345678 PLAY'
    const signature = await device.signPersonalMessage(operatorPath, bytes(text))
    expect(signature.length).toBe(65)
    expect([27, 28]).toContain(signature[64])
    expect(verifyMessage(text, hexlify(signature))).toBe(await device.getAddress(operatorPath))
  })

  test('is the same account after a restart', async () => {
    expect(await (await signer()).getAddress(operatorPath)).toBe(await (await signer()).getAddress(operatorPath))
  })

  test.each([['ünder'], ['\u0000'], ['']])('refuses text %j that a device would not show', async (text) => {
    const device = await signer()
    await expect(device.signPersonalMessage(operatorPath, bytes(text))).rejects.toMatchObject({
      code: 'TEXT_NOT_READABLE',
    })
  })

  test('refuses another path, and every network but practice', async () => {
    await expect((await signer()).getAddress("m/44'/60'/1'/0/0")).rejects.toMatchObject({ code: 'WRONG_PATH' })
    await expect((await signer(false)).getAddress(operatorPath)).rejects.toMatchObject({ code: 'OPERATOR_ON_DEVICE' })
  })
})
