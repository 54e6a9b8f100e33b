import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { Wallet } from 'ethers'
import { describe, expect, test } from 'vitest'
import { operatorPath } from '../../api/hardware-signer.ts'
import { createPracticeLedger, pressAlways, singleKey } from '../practice-ledger/index.ts'
import type { PracticeLedger } from '../practice-ledger/index.ts'
import { bytesOf, isReview, screenThat, sentence } from '../testing/practice-device.ts'
import { createLedgerDevice } from './device-ledger.ts'
import { usbOpener } from './open-usb.ts'
import type { UsbParts } from './open-usb.ts'
import type { HidTransport, HidTransportClass } from './packages.ts'

/** The vendor's transport over a handle that behaves as node-hid's does: frames of 64 bytes, one read at a time. */
const { default: VendorTransport } = createRequire(import.meta.url)('@ledgerhq/hw-transport-node-hid') as {
  default: new (handle: object) => HidTransport
}

type Frames = { readonly channel: number; data: Buffer; length: number }

/** Carries frames to a practice Ledger; counts how often it was opened and closed. */
function createHandle(ledger: PracticeLedger, counts: { opened: number; closed: number }) {
  counts.opened++
  const gone = new AbortController()
  const answers: Buffer[] = []
  let reader: ((error: Error | null, frame?: Buffer) => void) | null = null
  let asked: Frames | null = null
  const deliver = () => {
    if (reader === null || answers.length === 0) return
    const [read, frame] = [reader, answers.shift()!]
    reader = null
    read(null, frame)
  }
  return Object.assign(new EventEmitter(), {
    getDeviceInfo: () => ({ product: 'Nano S Plus' }),
    write(report: number[]) {
      const frame = Buffer.from(report.slice(1))
      const first = frame.readUInt16BE(3) === 0
      asked = first
        ? { channel: frame.readUInt16BE(0), data: frame.subarray(7), length: frame.readUInt16BE(5) }
        : { ...asked!, data: Buffer.concat([asked!.data, frame.subarray(5)]) }
      if (asked.data.length < asked.length) return
      const { channel, data, length } = asked
      void ledger.exchange(data.subarray(0, length), { signal: gone.signal }).then(
        (answer) => {
          answers.push(...framesOf(channel, Buffer.from(answer)))
          deliver()
        },
        () => {},
      )
    },
    read(callback: (error: Error | null, frame?: Buffer) => void) {
      reader = callback
      deliver()
    },
    pause() {
      reader?.(new Error('could not read from HID device'))
      reader = null
    },
    close() {
      if (reader !== null) throw new TypeError('read is still running')
      counts.closed++
      gone.abort()
    },
  })
}

function framesOf(channel: number, answer: Buffer): Buffer[] {
  const whole = Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer])
  return Array.from({ length: Math.ceil(whole.length / 59) }, (_, index) => {
    const frame = Buffer.alloc(64)
    frame.writeUInt16BE(channel, 0)
    frame.writeUInt8(5, 2)
    frame.writeUInt16BE(index, 3)
    whole.copy(frame, 5, index * 59, (index + 1) * 59)
    return frame
  })
}

function usbWith(o: Partial<UsbParts> & { paths?: string[] } = {}) {
  const wallet = Wallet.createRandom()
  const keys = singleKey(async () => ({ privateKeyHex: wallet.privateKey }))
  const ledger = createPracticeLedger({ keys, model: 'twoButton' })
  const counts = { opened: 0, closed: 0 }
  const hid: HidTransportClass = {
    list: async () => o.paths ?? ['/dev/hidraw7'],
    open: async () => new VendorTransport(createHandle(ledger, counts)),
  }
  const parts = { load: async () => hid, assertUsable: async () => {}, ...o }
  const device = createLedgerDevice({ open: usbOpener(parts), hardware: true, platform: 'linux' })
  return { device, ledger, counts, wallet }
}

describe('a device on USB', () => {
  test('is opened for each step and closed after it', async () => {
    const { device, ledger, counts, wallet } = usbWith()
    pressAlways(ledger, 'approve')
    expect(await device.getAddress(operatorPath)).toBe(wallet.address)
    expect((await device.signPersonalMessage(operatorPath, bytesOf(sentence))).length).toBe(65)
    expect(counts).toEqual({ opened: 2, closed: 2 })
  })

  test('is closed after a refusal and after an error too', async () => {
    const { device, ledger, counts } = usbWith()
    pressAlways(ledger, 'refuse')
    await expect(device.signPersonalMessage(operatorPath, bytesOf(sentence))).rejects.toMatchObject({ code: 'REFUSED' })
    ledger.setLocked(true)
    expect((await device.check()).kind).toBe('locked')
    expect(counts).toEqual({ opened: 2, closed: 2 })
  })

  test('is closed when the step is cancelled while a person reads, although a read is under way', async () => {
    const { device, ledger, counts } = usbWith()
    const leaving = new AbortController()
    const left = device.signPersonalMessage(operatorPath, bytesOf(sentence), { signal: leaving.signal })
    await screenThat(ledger, isReview)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(counts).toEqual({ opened: 1, closed: 1 })
    expect(device.state()).toEqual({ kind: 'reviewLeft' })
  })

  test('that is not there, may not be used or is held says which', async () => {
    const failing = (code: string) => async () => {
      throw Object.assign(new Error(code), { code })
    }
    expect(await usbWith({ paths: [] }).device.check()).toEqual({ kind: 'notConnected' })
    expect((await usbWith({ assertUsable: failing('EACCES') }).device.check()).kind).toBe('noPermission')
    expect(await usbWith({ assertUsable: failing('EBUSY') }).device.check()).toEqual({ kind: 'busy' })
  })

  test('of this very machine is looked for without harm, whatever is missing here', async () => {
    const device = createLedgerDevice({ open: usbOpener(), hardware: true })
    const { kind } = await device.check()
    expect(['noUsbSupport', 'notConnected', 'noPermission', 'locked', 'wrongApp', 'ready', 'busy']).toContain(kind)
  })
})
