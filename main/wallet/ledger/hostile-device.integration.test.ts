import fc from 'fast-check'
import { Wallet, hexlify, verifyMessage } from 'ethers'
import { afterEach, describe, expect, test } from 'vitest'
import { operatorPath } from '../../api/hardware-signer.ts'
import { createPracticeLedger, pressAlways, singleKey } from '../practice-ledger/index.ts'
import { answerHex, startHostileServer } from '../testing/hostile-server.ts'
import type { HostileServer } from '../testing/hostile-server.ts'
import { bytesOf, sentence } from '../testing/practice-device.ts'
import type { DeviceLimits } from './apdu-limits.ts'
import { DeviceError } from './device-error.ts'
import { createLedgerDevice } from './device-ledger.ts'
import { emulatorOpener } from './open-emulator.ts'

let server: HostileServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

type Answer = Parameters<typeof startHostileServer>[0]

async function deviceAgainst(answer: Answer, limits: Partial<DeviceLimits> = {}) {
  server = await startHostileServer(answer)
  return createLedgerDevice({ open: emulatorOpener({ host: '127.0.0.1', port: server.port }), hardware: false, limits })
}

/** An honest device that says yes to everything, to be lied about. */
function honest() {
  const wallet = Wallet.createRandom()
  const ledger = createPracticeLedger({
    keys: singleKey(async () => ({ privateKeyHex: wallet.privateKey })),
    model: 'touch',
  })
  pressAlways(ledger, 'approve')
  return { wallet, answer: async (command: Buffer) => Buffer.from(await ledger.exchange(command)) }
}

const app = '0108457468657265756d06312e32322e3001009000'
const configuration = '020116009000'
const sign = (device: Awaited<ReturnType<typeof deviceAgainst>>) =>
  device.signPersonalMessage(operatorPath, bytesOf(sentence))

describe('a device that lies', () => {
  test('malformed APDU answers never pass for a signature and never end the process', async () => {
    const place = fc.integer({ min: 0, max: 5 })
    const text = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => JSON.stringify({ data: Buffer.from(bytes).toString('hex') })),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => JSON.stringify({ data: `${Buffer.from(bytes).toString('hex')}9000` })),
      fc.json(),
    )
    await fc.assert(
      fc.asyncProperty(place, text, async (index, body) => {
        const { answer, wallet } = honest()
        const device = await deviceAgainst((command, response, count) => {
          if (count === index) return void response.writeHead(200).end(body)
          void answer(command).then((good) => answerHex(response, good.toString('hex')))
        })
        await sign(device).then(
          // Some odd answers to the question for settings mean something; what was signed is right all the same.
          (signature) => expect(verifyMessage(sentence, hexlify(signature))).toBe(wallet.address),
          (error: unknown) => expect(error).toBeInstanceOf(DeviceError),
        )
        await server?.close()
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    ['another app', '0107426974636f696e05322e312e3101009000', 'DEVICE_WRONG_APP'],
    ['its own menu', '0105424f4c4f5305312e352e3101009000', 'DEVICE_WRONG_APP'],
    ['an app that shows only a hash', '0108457468657265756d06312e392e313801009000', 'DEVICE_APP_OUTDATED'],
    ['no version at all', '0108457468657265756d0001009000', 'DEVICE_APP_OUTDATED'],
    ['nothing', '9000', 'DEVICE_UNREADABLE'],
    ['a length beyond the end', '01ff457468657265756d9000', 'DEVICE_UNREADABLE'],
    ['half a byte', '900', 'DEVICE_UNREADABLE'],
    ['locked', '5515', 'DEVICE_LOCKED'],
    ['no app open', '6511', 'DEVICE_WRONG_APP'],
  ])('that names %s is not asked to sign', async (_name, hex, code) => {
    const device = await deviceAgainst((_command, response) => answerHex(response, hex))
    await expect(sign(device)).rejects.toMatchObject({ code })
    expect(server?.requests()).toBe(1)
  })

  test('whose signature is of another account, or of another text, signs nothing', async () => {
    for (const text of [sentence, 'something else']) {
      const { answer } = honest()
      const stranger = Wallet.createRandom()
      const forged = text === sentence ? stranger : null
      const device = await deviceAgainst((command, response) => {
        void answer(command).then((good) => {
          if (command[1] !== 0x08 || good.length < 67) return answerHex(response, good.toString('hex'))
          const lie = forged?.signMessageSync(text) ?? hexlify(good.subarray(0, 65)).replace(/^0x(..)(.*)$/, '0x$2$1')
          const [r, s, v] = [lie.slice(2, 66), forged === null ? '11'.repeat(32) : lie.slice(66, 130), lie.slice(130)]
          answerHex(response, `${v}${r}${s}9000`)
        })
      })
      await expect(sign(device)).rejects.toMatchObject({ code: 'DEVICE_UNREADABLE' })
      await server?.close()
    }
  })

  test('whose account does not fit its public key has no account', async () => {
    const { answer } = honest()
    const device = await deviceAgainst((command, response) => {
      void answer(command).then((good) => {
        if (command[1] === 0x02) good.write('f'.repeat(40), 67, 'latin1')
        answerHex(response, good.toString('hex'))
      })
    })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVICE_UNREADABLE' })
  })

  test('that answers with megabytes is cut off', async () => {
    const device = await deviceAgainst((_command, response) => {
      response.writeHead(200)
      response.on('error', () => {})
      for (let i = 0; i < 40; i++) response.write('9'.repeat(65_536))
    })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVICE_UNREADABLE' })
  })

  test('that sends elsewhere is not followed', async () => {
    const device = await deviceAgainst((_command, response) => {
      response.writeHead(307, { location: 'http://127.0.0.1:9/apdu' }).end()
    })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVICE_UNREADABLE' })
  })
})

describe('a device that is silent', () => {
  test('for a minute, asked nothing of a person: silent', async () => {
    const device = await deviceAgainst(() => {}, { quietMs: 200 })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code: 'DEVICE_SILENT' })
    expect(device.state()).toEqual({ kind: 'silent' })
  })

  test('to a request to sign and then to everything: silent, not an old question', async () => {
    const { answer } = honest()
    let dead = false
    const device = await deviceAgainst(
      (command, response) => {
        dead ||= command[1] === 0x08
        if (!dead) void answer(command).then((good) => answerHex(response, good.toString('hex')))
      },
      { quietMs: 300, firstPartMs: 200 },
    )
    await expect(sign(device)).rejects.toMatchObject({ code: 'DEVICE_SILENT' })
  })

  test('is asked again once when it is confused by what went before', async () => {
    const { answer, wallet } = honest()
    const device = await deviceAgainst((command, response, index) => {
      if (index === 1) return answerHex(response, '6a00')
      void answer(command).then((good) => answerHex(response, good.toString('hex')))
    })
    expect(await device.getAddress(operatorPath)).toBe(wallet.address)
  })

  test('confused for good is not asked for ever', async () => {
    const device = await deviceAgainst((command, response) => answerHex(response, command[0] === 0xb0 ? app : '6a00'))
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({
      state: { kind: 'unreadable', detail: 'status 0x6a00' },
    })
    expect(server?.requests()).toBe(3)
  })

  test('can be left at any time', async () => {
    const leaving = new AbortController()
    const device = await deviceAgainst((command, response) => {
      if (command[0] === 0xb0) answerHex(response, app)
      else leaving.abort()
    })
    await expect(device.getAddress(operatorPath, { signal: leaving.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(device.state()).toEqual({ kind: 'unknown' })
  })
})

test('status words of the app on the way become states', async () => {
  const codes: [string, string][] = [
    ['6985', 'REFUSED'],
    ['6a80', 'BLIND_SIGNING_NEEDED'],
    ['6d00', 'DEVICE_WRONG_APP'],
    ['6a15', 'DEVICE_WRONG_APP'],
    ['5515', 'DEVICE_LOCKED'],
  ]
  for (const [status, code] of codes) {
    const device = await deviceAgainst((command, response) => {
      answerHex(response, command[0] === 0xb0 ? app : command[1] === 0x06 ? configuration : status)
    })
    await expect(device.getAddress(operatorPath)).rejects.toMatchObject({ code })
    await server?.close()
  }
})
