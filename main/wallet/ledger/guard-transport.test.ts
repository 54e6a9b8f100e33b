import { expect, test } from 'vitest'
import { deviceLimits } from './apdu-limits.ts'
import { guardTransport } from './guard-transport.ts'
import type { LedgerTransport } from './packages.ts'

const quiet = Buffer.from('e006000000', 'hex')
const asking = Buffer.from('e00c000000', 'hex')

function guarded(answers: string[], o: { signal?: AbortSignal; limitMs?: number; model?: string } = {}) {
  const sent: string[] = []
  let persons = 0
  const transport: LedgerTransport = {
    deviceModel: o.model === undefined ? null : { id: o.model },
    async exchange(apdu) {
      sent.push(apdu.toString('hex'))
      const answer = answers.shift()
      return answer === undefined ? new Promise(() => {}) : Buffer.from(answer, 'hex')
    },
    send: () => Promise.reject(new Error('not used')),
    close: async () => {},
  }
  const limitMs = o.limitMs ?? 10_000
  const limits = { ...deviceLimits, quietMs: limitMs, personMs: limitMs, firstPartMs: limitMs }
  const guard = guardTransport(transport, {
    limits,
    signal: o.signal ?? new AbortController().signal,
    onPerson: () => persons++,
  })
  return { transport, sent, guard, persons: () => persons }
}

test('tells that a person is waited for, and only then', async () => {
  const { transport, persons, guard } = guarded(['9000', '9000'])
  await transport.exchange(quiet)
  expect([persons(), guard.wait()]).toEqual([0, 'nobody'])
  await transport.exchange(asking)
  expect([persons(), guard.wait()]).toEqual([1, 'person'])
})

test('once it is cancelled nothing more reaches the device', async () => {
  const leaving = new AbortController()
  const { transport, sent, persons } = guarded(['9000'], { signal: leaving.signal })
  await transport.exchange(quiet)
  leaving.abort()
  await expect(transport.exchange(asking)).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(sent).toEqual([quiet.toString('hex')])
  expect(persons()).toBe(0)
})

test('a question that goes unanswered says that it was one', async () => {
  const { transport } = guarded([], { limitMs: 20 })
  await expect(transport.exchange(asking)).rejects.toMatchObject({ code: 'DEVICE_SILENT', asked: true, signing: false })
  await expect(transport.exchange(quiet)).rejects.toMatchObject({ code: 'DEVICE_SILENT', asked: false })
})

test('only quiet commands are sent twice: a person is not asked again', async () => {
  const { transport, sent } = guarded(['6a00', '9000', '6a00'])
  expect((await transport.exchange(quiet)).toString('hex')).toBe('9000')
  expect((await transport.exchange(asking)).toString('hex')).toBe('6a00')
  expect(sent).toEqual([quiet, quiet, asking].map((apdu) => apdu.toString('hex')))
})
