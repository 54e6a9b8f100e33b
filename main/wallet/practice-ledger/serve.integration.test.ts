import { request } from 'node:http'
import { connect } from 'node:net'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { verifyMessage } from 'ethers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesOf, isReview, screenThat, sentence, startPracticeDevice } from '../testing/practice-device.ts'
import type { PracticeDevice } from '../testing/practice-device.ts'
import { judgeEnvelope } from './http-policy.ts'

/** The vendor's own client and transport, untouched: what they understand, the real emulator speaks too. */
const load = createRequire(import.meta.url)
type Vendor = {
  getAddress(path: string): Promise<{ address: string }>
  signPersonalMessage(path: string, hex: string): Promise<{ v: number; r: string; s: string }>
  signEIP712Message(path: string, message: unknown): Promise<unknown>
}
type VendorTransport = {
  close(): Promise<void>
  button(name: string): Promise<unknown>
  automationEvents: { subscribe(listener: (event: { text: string }) => void): unknown }
}
const { default: Eth } = load('@ledgerhq/hw-app-eth') as { default: new (transport: VendorTransport) => Vendor }
const { default: Emulator } = load('@ledgerhq/hw-transport-node-speculos-http') as {
  default: { open(o: { baseURL: string; apiPort: string }): Promise<VendorTransport> }
}

let practice: PracticeDevice
beforeEach(async () => {
  practice = await startPracticeDevice({ model: 'twoButton' })
})
afterEach(() => practice.stop())

const path = "44'/60'/0'/0/0"
const openVendor = () => Emulator.open({ baseURL: 'http://127.0.0.1', apiPort: String(practice.server.port) })

function send(o: { method?: string; url: string; headers?: Record<string, string>; body?: string }) {
  return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: practice.server.port,
        method: o.method ?? 'POST',
        path: o.url,
        headers: o.headers ?? {},
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) as unknown }))
      },
    )
    call.on('error', reject)
    call.end(o.body)
  })
}

const press = (name: string) => send({ url: `/button/${name}`, body: '{"action":"press-and-release"}' })

describe("the vendor's own transport and client", () => {
  test('sign a sentence here as on the emulator, pressing the buttons over HTTP', async () => {
    const transport = await openVendor()
    const seen: string[] = []
    transport.automationEvents.subscribe(({ text }) => seen.push(text))
    const eth = new Eth(transport)
    const { address } = await eth.getAddress(path)
    const signing = eth.signPersonalMessage(path, Buffer.from(sentence).toString('hex'))
    const { pages } = await screenThat(practice.ledger, isReview)
    for (let page = 1; page < pages - 1; page++) await transport.button('Rr')
    await transport.button('LRlr')
    const { v, r, s } = await signing
    expect(verifyMessage(bytesOf(sentence), `0x${r}${s}${v.toString(16)}`)).toBe(address)
    expect(seen.join('').replaceAll(' ', '')).toContain('PRACTICE,novalueHearth:claim12.345678PLAY')
    await transport.close()
  })

  test('get the refusals of the real app', async () => {
    const transport = await openVendor()
    const eth = new Eth(transport)
    const signing = eth.signPersonalMessage(path, Buffer.from(sentence).toString('hex'))
    const { pages } = await screenThat(practice.ledger, isReview)
    for (let page = 1; page < pages; page++) await transport.button('Rr')
    await transport.button('LRlr')
    await expect(signing).rejects.toMatchObject({ statusCode: 0x6985 })
    practice.ledger.setLocked(true)
    await expect(eth.getAddress(path)).rejects.toMatchObject({ statusCode: 0x5515 })
    await transport.close()
  })
})

describe('the emulator interface', () => {
  test('tells what is on the screen, all of it or the present one, and forgets it when asked to', async () => {
    const texts = async (url: string) =>
      ((await send({ method: 'GET', url })).body as { events: { text: string }[] }).events.map(({ text }) => text)
    expect(await texts('/events')).toContain('is ready')
    const left = practice.connect().signPersonalMessage("m/44'/60'/0'/0/0", bytesOf(sentence))
    left.catch(() => {})
    const { lines } = await screenThat(practice.ledger, isReview)
    expect(await texts('/events?currentscreenonly=true')).toEqual([...lines])
    expect((await texts('/events')).length).toBeGreaterThan(lines.length)
    expect((await send({ method: 'DELETE', url: '/events' })).status).toBe(200)
    expect(await texts('/events')).toEqual([])
    await press('right')
    expect(practice.ledger.screen().page).toBe(2)
    expect((await send({ url: '/finger', body: '{"action":"press-and-release","x":1,"y":1}' })).status).toBe(200)
  })

  test('a button acts when it is let go, once', async () => {
    const left = practice.connect().signPersonalMessage("m/44'/60'/0'/0/0", bytesOf(sentence))
    left.catch(() => {})
    await screenThat(practice.ledger, isReview)
    await send({ url: '/button/right', body: '{"action":"press"}' })
    expect(practice.ledger.screen().page).toBe(1)
    await send({ url: '/button/right', body: '{"action":"release"}' })
    expect(practice.ledger.screen().page).toBe(2)
  })

  test.each([
    ['no JSON', '/apdu', 'data'],
    ['no hex', '/apdu', '{"data":"xyz"}'],
    ['half a byte', '/apdu', '{"data":"abc"}'],
    ['a command that is too long', '/apdu', `{"data":"${'ab'.repeat(261)}"}`],
    ['no data', '/apdu', '{}'],
    ['an unknown action', '/button/left', '{"action":"smash"}'],
    ['a finger without a place', '/finger', '{"action":"press"}'],
  ])('refuses %s', async (_name, url, body) => {
    expect((await send({ url, body })).status).toBe(400)
  })

  test('refuses what is too large, and what is not there', async () => {
    expect((await send({ url: '/apdu', body: 'x'.repeat(5_000) })).status).toBe(413)
    expect((await send({ url: '/screenshot', method: 'GET' })).status).toBe(404)
    expect((await send({ url: '/button/middle', body: '{}' })).status).toBe(404)
  })

  test('a web page puts no question on the screen and presses no button', async () => {
    const body = JSON.stringify({ data: 'b001000000' })
    const strangers: Record<string, string>[] = [
      { origin: 'https://example.org' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { host: `evil.example:${practice.server.port}` },
      { host: '127.0.0.1' },
    ]
    for (const headers of strangers) {
      expect((await send({ url: '/apdu', body, headers })).status).toBe(403)
    }
    expect((await send({ url: '/apdu', body, headers: { host: `localhost:${practice.server.port}` } })).status).toBe(
      200,
    )
    expect((await send({ url: '/apdu', method: 'OPTIONS' })).status).toBe(405)
  })

  test('no host but its own and no origin at all passes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text !== '127.0.0.1:5000' && text !== 'localhost:5000')
        const good = { method: 'POST', host: '127.0.0.1:5000', origin: undefined, fetchSite: undefined }
        expect(judgeEnvelope(good, 5000)).toBeNull()
        expect(judgeEnvelope({ ...good, host: text }, 5000)).toBe(403)
        expect(judgeEnvelope({ ...good, origin: text }, 5000)).toBe(403)
      }),
    )
  })

  test('a crowd of connections does not keep others out for ever, and closing ends them all', async () => {
    const crowd = Array.from({ length: 60 }, () => connect(practice.server.port, '127.0.0.1').on('error', () => {}))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await practice.server.close()
    await Promise.all(
      crowd.map((socket) => (socket.destroyed ? null : new Promise((end) => socket.once('close', end)))),
    )
    practice = await startPracticeDevice({ model: 'twoButton' })
  })

  test('a port that is taken is named', async () => {
    await expect(startPracticeDevice({ port: practice.server.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  })
})
