import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { TypedDataEncoder, concat, hexlify, keccak256, recoverAddress } from 'ethers'
import type { TypedDataField } from 'ethers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReview, screenThat } from '../testing/practice-device.ts'
import { parseApdu } from './apdu.ts'
import { createPracticeLedger, pressAlways, seededKeys } from './index.ts'
import { hashTypedMessage, readTypedPart } from './typed-message.ts'
import type { TypedHashes, TypedPart } from './typed-message.ts'

/** Exchanges of real devices over whole typed messages, which the vendor ships beside its client. */
const fixtures = join(
  dirname(createRequire(import.meta.url).resolve('@ledgerhq/hw-app-eth')),
  ...['..', 'tests', 'fixtures'],
)
const recordings = readdirSync(join(fixtures, 'apdus')).filter((name) => /^\d/.test(name))

function readRecording(name: string) {
  const lines = [...readFileSync(join(fixtures, 'apdus', name), 'utf8').matchAll(/=> ?([0-9a-f]+)\s+<= ?([0-9a-f]+)/g)]
  const exchanges = lines.map(([, command, answer]) => ({ command: Buffer.from(command!, 'hex'), answer: answer! }))
  // Between them the client hands over what the vendor knows about tokens, which changes nothing that is signed.
  const commands = exchanges.filter(({ command }) => command[1] !== 0x0a).map(({ command }) => command)
  return { commands, answer: exchanges.at(-1)!.answer }
}

const partsOf = (commands: readonly Buffer[]) =>
  commands.slice(0, -1).map((command) => readTypedPart(parseApdu(command)!)!)
const digestOf = ({ domainHash, messageHash }: TypedHashes) => keccak256(concat(['0x1901', domainHash, messageHash]))

const create = () => createPracticeLedger({ keys: seededKeys(randomBytes(32)), model: 'touch' })
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const mail = readRecording('0.apdus').commands

describe('a whole typed message', () => {
  test('of every recording hashes to what the recorded device signed: all signatures are of one account', () => {
    // The oldest recordings are of several devices; their messages were recorded again, with the vendor's filters.
    const newer = recordings.filter((name) => name.includes('filtered') || /^1[5-8]\./.test(name))
    expect(newer.length).toBeGreaterThan(25)
    const signers = newer.map((name) => {
      const { commands, answer } = readRecording(name)
      const v = Number.parseInt(answer.slice(0, 2), 16)
      const signature = { r: `0x${answer.slice(2, 66)}`, s: `0x${answer.slice(66, 130)}`, v }
      return recoverAddress(digestOf(hashTypedMessage(partsOf(commands))!), signature)
    })
    expect(new Set(signers).size).toBe(1)
  })

  test('hashes the same with and without filters on how it is shown', () => {
    for (let index = 0; index <= 18; index++) {
      const [plain, filtered] = [`${index}.apdus`, `${index}-filtered-v1.apdus`].map((name) => {
        const hashes = hashTypedMessage(partsOf(readRecording(name).commands))
        return hashes === null ? name : digestOf(hashes)
      })
      expect(plain).toBe(filtered)
    }
  })

  test.each(['15-permit', '16-permit2', '17-uniswapx', '18-1inch-fusion'])(
    '%s hashes as a second implementation hashes its JSON',
    (name) => {
      const { commands } = readRecording(`${name.split('-', 1)[0]}.apdus`)
      const { domain, types, message } = JSON.parse(
        readFileSync(join(fixtures, 'messages', `${name}.json`), 'utf8'),
      ) as { domain: object; types: Record<string, TypedDataField[]>; message: Record<string, unknown> }
      const { EIP712Domain: _domain, ...rest } = types
      expect(digestOf(hashTypedMessage(partsOf(commands))!)).toBe(TypedDataEncoder.hash(domain, rest, message))
    },
  )

  test('with any part left out, doubled or cut is no message, or another one', () => {
    const parts = partsOf(mail)
    const whole = hexlify(digestOf(hashTypedMessage(parts)!))
    const values = parts.flatMap((part, index) => (part.kind === 'value' ? [index] : []))
    const mutations: ((index: number) => TypedPart[])[] = [
      (index) => parts.filter((_part, at) => at !== index),
      (index) => parts.flatMap((part, at) => (at === index ? [part, part] : [part])),
      (index) => parts.map((part, at) => (at === index && part.kind === 'value' ? cut(part) : part)),
    ]
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.constantFrom(...mutations), (index, mutate) => {
        const hashes = hashTypedMessage(mutate(index))
        expect(hashes === null || digestOf(hashes) !== whole).toBe(true)
      }),
    )
  })

  test('that holds itself, or is only a domain, is none', () => {
    const loop = { name: 'again', base: 'Loop', sizes: '', levels: 0 }
    const parts: TypedPart[] = [
      { kind: 'type', name: 'EIP712Domain' },
      { kind: 'type', name: 'Loop' },
      { kind: 'field', field: loop },
      { kind: 'root', name: 'EIP712Domain' },
    ]
    expect(hashTypedMessage(parts)).toBeNull()
    expect(hashTypedMessage([...parts, { kind: 'root', name: 'Loop' }])).toBeNull()
  })

  test('no bytes at all make reading a part throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x1a, 0x1c, 0x1e), fc.nat(255), fc.uint8Array({ maxLength: 60 }), (ins, p2, data) => {
        const part = readTypedPart({ cla: 0xe0, ins, p1: 0, p2, data })
        if (part !== null) hashTypedMessage([part])
      }),
    )
  })
})

describe('the practice Ledger and whole typed messages', () => {
  test('are refused at the first command while blind signing is off, as by the real app, and it says why', async () => {
    const ledger = create()
    expect(hex(await ledger.exchange(mail[0]!))).toBe('6a80')
    expect(ledger.screen().lines.join(' ')).toContain('cannot be clear-signed')
    expect(hex(await ledger.exchange(mail.at(-1)!))).toBe('6a80')
    expect(isReview(ledger.screen())).toBe(false)
  })

  test('with blind signing on: "Blind signing ahead" first, then the hashes, then the signature of exactly those', async () => {
    const ledger = create()
    ledger.setBlindSigning(true)
    for (const command of mail.slice(0, -1)) expect(hex(await ledger.exchange(command))).toBe('9000')
    const answer = ledger.exchange(mail.at(-1)!)
    const seen: string[] = (await screenThat(ledger, isReview)).lines.slice()
    expect(seen[0]).toBe('Blind signing ahead')
    ledger.onChange(({ lines }) => seen.push(...lines))
    pressAlways(ledger, 'approve')
    const signature = hex(await answer)
    const hashes = hashTypedMessage(partsOf(mail))!
    expect(seen.join('')).toContain(hexlify(hashes.messageHash))
    const parts = { r: `0x${signature.slice(2, 66)}`, s: `0x${signature.slice(66, 130)}` }
    const signer = recoverAddress(digestOf(hashes), { ...parts, v: Number.parseInt(signature.slice(0, 2), 16) })
    const path = hex(mail.at(-1)!.subarray(5))
    const account = await ledger.exchange(Buffer.from(`e0020000${(path.length / 2).toString(16)}${path}`, 'hex'))
    expect(Buffer.from(account).toString('latin1')).toContain(signer.slice(2))
  })

  test('refused there, nothing is signed; the end of a message alone is none', async () => {
    const ledger = create()
    ledger.setBlindSigning(true)
    for (const command of mail.slice(0, -1)) await ledger.exchange(command)
    const answer = ledger.exchange(mail.at(-1)!)
    await screenThat(ledger, isReview)
    ledger.press('reject')
    expect(hex(await answer)).toBe('6985')
    expect(hex(await ledger.exchange(mail.at(-1)!))).toBe('6a80')
  })

  test('switched off in the middle of a message: refused from there on, and nothing is left of it', async () => {
    const ledger = create()
    ledger.setBlindSigning(true)
    for (const command of mail.slice(0, 10)) await ledger.exchange(command)
    ledger.setBlindSigning(false)
    expect(hex(await ledger.exchange(mail[10]!))).toBe('6a80')
    ledger.setBlindSigning(true)
    for (const command of mail.slice(10, -1)) await ledger.exchange(command)
    expect(hex(await ledger.exchange(mail.at(-1)!))).toBe('6a80')
  })

  test('a message without end is cut off', async () => {
    const ledger = create()
    ledger.setBlindSigning(true)
    const answers = new Set<string>()
    for (let index = 0; index < 1_200; index++) answers.add(hex(await ledger.exchange(mail[1]!)))
    expect([...answers]).toEqual(['9000', '6a80'])
  })
})

function cut(part: Extract<TypedPart, { kind: 'value' }>): TypedPart {
  return { ...part, bytes: part.bytes.subarray(0, -1) }
}
