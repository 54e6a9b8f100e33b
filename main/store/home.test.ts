import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { roleNames } from '../../roles/api/roles.ts'
import { openActivityLog } from './activity-log.ts'
import { HomeInUseError, openHome } from './home.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-home-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const practiceNetwork = { practice: true, chainId: 7, genesisHash: `0x${'ab'.repeat(32)}` }
const realNetwork = { practice: false, chainId: 10, genesisHash: `0x${'cd'.repeat(32)}` }

describe('keys of a home', () => {
  test('without a network no key is made and the error names what to do', async () => {
    await expect(openHome(directory).keys.ensureKey('gas')).rejects.toMatchObject({
      code: 'NO_NETWORK',
      action: expect.stringContaining('hearth practice'),
    })
  })

  test('on practice a key is a 0600 file that is found again', async () => {
    const home = openHome(directory)
    await home.network.write(practiceNetwork)
    const key = await home.keys.ensureKey('operator')
    expect(statSync(join(directory, 'keys', 'operator')).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'keys')).mode & 0o777).toBe(0o700)
    expect(await openHome(directory).keys.ensureKey('operator')).toEqual(key)
    expect(key.publicKey.length).toBe(33)
  })

  test('two that ask at once get the same key and leave no temporary file', async () => {
    const home = openHome(directory)
    await home.network.write(practiceNetwork)
    const keys = await Promise.all(Array.from({ length: 8 }, () => openHome(directory).keys.ensureKey('customer')))
    expect(new Set(keys.map((key) => key.address)).size).toBe(1)
    expect(readdirSync(join(directory, 'keys'))).toEqual(['customer'])
  })

  test('all role keys are made at once and differ', async () => {
    const home = openHome(directory)
    await home.network.write(practiceNetwork)
    const keys = await home.keys.ensureRoleKeys()
    expect(new Set(Object.values(keys).map((key) => key.address)).size).toBe(roleNames.length)
  })

  test('a damaged key file is reported and never replaced', async () => {
    const home = openHome(directory)
    await home.network.write(practiceNetwork)
    await home.keys.ensureKey('gas')
    const path = join(directory, 'keys', 'gas')
    writeFileSync(path, '{"formatVersion":1')
    await expect(home.keys.ensureKey('gas')).rejects.toMatchObject({ code: 'KEY_FILE_INVALID' })
    expect(readFileSync(path, 'utf8')).toBe('{"formatVersion":1')
  })

  test('a real network gets keys of its own, never the practice ones and never unprotected', async () => {
    const home = openHome(directory)
    await home.network.write(practiceNetwork)
    const practiceKey = await home.keys.ensureKey('storage')
    await home.network.write(realNetwork)
    await expect(home.keys.ensureKey('storage')).rejects.toMatchObject({ code: 'NO_KEY_PROTECTION' })
    await expect(home.keys.ensureKey('operator')).rejects.toMatchObject({ code: 'OPERATOR_ON_DEVICE' })

    const passphraseFile = join(directory, 'passphrase')
    writeFileSync(passphraseFile, 'correct horse battery\n')
    const key = await openHome(directory, { passphraseFile }).keys.ensureKey('storage')
    expect(key.address).not.toBe(practiceKey.address)
    expect(await openHome(directory, { passphraseFile }).keys.ensureKey('storage')).toEqual(key)
    const file = readFileSync(join(directory, 'keys', '10-cdcdcdcd', 'storage'), 'utf8')
    expect(file).not.toContain(key.privateKeyHex.slice(2))

    writeFileSync(passphraseFile, 'wrong horse battery\n')
    await expect(openHome(directory, { passphraseFile }).keys.ensureKey('storage')).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    })
  })

  test('a store of the system protects keys where there is one', async () => {
    const flip = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a)
    const secrets = { available: () => true, encrypt: flip, decrypt: flip }
    const home = openHome(directory, { secrets })
    await home.network.write(realNetwork)
    const key = await home.keys.ensureKey('gas')
    expect(await openHome(directory, { secrets }).keys.findKey('gas')).toEqual(key)
    await expect(openHome(directory).keys.findKey('gas')).rejects.toMatchObject({ code: 'KEY_NEEDS_APP' })
  })
})

describe('locks of a home', () => {
  test('the second engine is told which process runs', () => {
    const home = openHome(directory)
    const lock = home.lock('engine')
    expect(() => openHome(directory).lock('engine')).toThrow(HomeInUseError)
    expect(() => openHome(directory).lock('engine')).toThrow(String(process.pid))
    expect(home.holder('engine')?.pid).toBe(process.pid)
    lock.release()
    expect(home.holder('engine')).toBeNull()
    home.lock('engine').release()
  })
})

describe('network.json', () => {
  test('a wrong file is named', async () => {
    const home = openHome(directory)
    expect(await home.network.read()).toBeNull()
    writeFileSync(home.network.path, '{"practice":')
    await expect(home.network.read()).rejects.toMatchObject({ code: 'NETWORK_FILE_INVALID' })
  })
})

describe('activity log', () => {
  test('lines are found again newest first and in pages', () => {
    const path = join(directory, 'activity.sqlite')
    const log = openActivityLog(path)
    for (let index = 1; index <= 5; index++) {
      log.add({
        atMs: index,
        role: 'storage',
        level: 'good',
        code: 'proofAccepted',
        values: { index },
        transactionHash: null,
      })
    }
    log.close()
    const again = openActivityLog(path)
    const firstPage = again.list({ beforeId: null, limit: 2 })
    expect(firstPage.map((line) => line.values['index'])).toEqual([5, 4])
    expect(again.list({ beforeId: firstPage[1]!.id, limit: 10 }).map((line) => line.atMs)).toEqual([3, 2, 1])
    again.close()
  })
})
