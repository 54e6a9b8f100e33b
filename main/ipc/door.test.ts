import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HearthError } from '../../roles/api/errors.ts'
import { silentLog } from '../../roles/api/values.ts'
import { requestChannels, type RequestChannel } from '../api/channels.ts'
import { createDoor, type DoorOptions } from './door.ts'
import type { Sender } from './sender.ts'
import { channelNames, memoryLog, ourWindowId, recordingHandlers, trusted, type LogLine } from './testing.ts'

const good: { readonly [C in RequestChannel]: unknown } = {
  'snapshot:get': undefined,
  'roles:switchOn': { role: 'storage', diskPath: '/', diskLimitBytes: 1, consented: true },
  'roles:switchOff': { role: 'storage' },
  'roles:setLimits': { role: 'storage', diskPath: null, diskLimitBytes: null },
  'roles:leave': { leave: true, forfeit: false },
  'disks:change': { kind: 'move', path: null, to: '/media/anna/Archive' },
  'roles:retry': { role: 'storage' },
  'roles:pauseAll': { untilMs: null },
  'roles:resumeAll': undefined,
  'hardware:rescan': undefined,
  'activity:list': { beforeId: null, limit: 50 },
  'earnings:byDay': { days: 30 },
  'earnings:overview': undefined,
  'earnings:ledger': { offset: 0, limit: 50 },
  'earnings:setMinimum': { micro: '1000000' },
  'earnings:saveCsv': { price: { kind: 'none' } },
  'rewards:verify': { epoch: 1 },
  'wallet:choose': { kind: 'usb' },
  'wallet:check': undefined,
  'wallet:press': { button: 'confirm' },
  'wallet:setPractice': { blindSigning: false, locked: false },
  'consent:prepare': { kind: 'claim', micro: '12345678' },
  'consent:prepareTransaction': { kind: 'claim', micro: '12345678' },
  'consent:sign': { id: 'a', text: 'Hearth: claim' },
  'consent:cancel': { id: 'a' },
  'payout:finish': undefined,
  'storage:pieces': { offset: 0, limit: 50 },
  'network:startPractice': undefined,
  'settings:setTheme': { theme: 'dark' },
  'links:open': { name: 'project' },
}

function doorWith(options: Partial<DoorOptions> = {}) {
  const reached: RequestChannel[] = []
  const door = createDoor({
    handlers: recordingHandlers(reached),
    isOurWindow: (id) => id === ourWindowId,
    checkResults: false,
    log: silentLog,
    ...options,
  })
  return { door, reached }
}

/** Values near the right ones, since random ones rarely get past the first check of a schema. */
function nearly(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return fc.anything()
  const fields = Object.keys(value)
  return fc
    .record({ field: fc.constantFrom(...fields), drop: fc.boolean(), wrong: hostileValue })
    .map(({ field, drop, wrong }) => {
      const changed: Record<string, unknown> = { ...value, [field]: wrong }
      if (drop) delete changed[field]
      return changed
    })
}

const hostileValue = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  fc.constantFrom<unknown>(NaN, Infinity, -1, 1e308, '__proto__', 'constructor', '\0', 'x'.repeat(100_000), [[]], {}),
)

describe('the door', () => {
  it.each(channelNames)('lets a good request on %s through to its handler', async (channel) => {
    const { door, reached } = doorWith()
    expect(await door(trusted, channel, good[channel])).toEqual({ ok: true, value: undefined })
    expect(reached).toEqual([channel])
  })

  it.each(channelNames)('stops a thousand malformed arguments on %s before the handler', async (channel) => {
    const { door, reached } = doorWith()
    const schema = requestChannels[channel].argument
    const malformed = fc.oneof(hostileValue, nearly(good[channel])).filter((value) => !schema.safeParse(value).success)
    await fc.assert(
      fc.asyncProperty(malformed, async (argument) => {
        const result = await door(trusted, channel, argument)
        expect(result).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
        expect(JSON.stringify(result)).not.toMatch(/\bat .*\.ts|node:internal|\/work\//)
        expect(JSON.stringify(result).length).toBeLessThan(1_000)
      }),
      { numRuns: 1_000 },
    )
    expect(reached).toEqual([])
  })

  it('knows no channel but those of the table', async () => {
    const { door, reached } = doorWith()
    const unknown = fc.oneof(
      fc.constantFrom<unknown>('__proto__', 'constructor', 'toString', 'snapshot:get ', 'SNAPSHOT:GET', [
        'snapshot:get',
      ]),
      fc.anything().filter((value) => !channelNames.includes(value as RequestChannel)),
    )
    await fc.assert(
      fc.asyncProperty(unknown, async (channel) => {
        expect(await door(trusted, channel, undefined)).toMatchObject({ ok: false, error: { code: 'UNKNOWN_CHANNEL' } })
      }),
      { numRuns: 1_000 },
    )
    expect(reached).toEqual([])
  })

  const strangers: Readonly<Record<string, Sender | null>> = {
    'a frame that is gone': null,
    'a frame inside our page': { ...trusted, isMainFrame: false },
    'another window': { ...trusted, webContentsId: ourWindowId + 1 },
    'a web page': { ...trusted, url: 'https://hearth/index.html' },
    'a file': { ...trusted, url: 'file:///index.html' },
    'another host of our scheme': { ...trusted, url: 'app://elsewhere/index.html' },
    'a host that begins like ours': { ...trusted, url: 'app://hearth.evil/index.html' },
    'a user name that looks like our host': { ...trusted, url: 'app://hearth@evil/index.html' },
    'a user name before our host': { ...trusted, url: 'app://user@hearth/index.html' },
    'another port': { ...trusted, url: 'app://hearth:1/index.html' },
    'a blank page': { ...trusted, url: 'about:blank' },
    'a script address': { ...trusted, url: 'javascript:app://hearth/' },
    'no address': { ...trusted, url: '' },
  }

  it.each(Object.entries(strangers))('turns away %s', async (_name, sender) => {
    const { door, reached } = doorWith()
    for (const channel of channelNames) {
      const result = await door(sender, channel, good[channel])
      expect(result).toMatchObject({ ok: false, error: { code: 'UNTRUSTED_SENDER' } })
    }
    expect(reached).toEqual([])
  })
})

describe('what the door answers when a handler fails', () => {
  const failing = (error: unknown) => {
    const handlers = recordingHandlers([])
    return { ...handlers, 'roles:resumeAll': async () => Promise.reject(error) }
  }

  it('passes on the words of an error that we raised on purpose', async () => {
    const error = new HearthError('DISK_FULL', 'The disk is full.', {
      action: 'Free some space.',
      details: { path: '/x' },
    })
    const { door } = doorWith({ handlers: failing(error) })
    expect(await door(trusted, 'roles:resumeAll', undefined)).toEqual({
      ok: false,
      error: { code: 'DISK_FULL', message: 'The disk is full.', action: 'Free some space.' },
    })
  })

  it('keeps the words of a bug in the log', async () => {
    const lines: LogLine[] = []
    const { door } = doorWith({ handlers: failing(new TypeError('secret /home/x')), log: memoryLog(lines) })
    const result = await door(trusted, 'roles:resumeAll', undefined)
    expect(result).toMatchObject({ ok: false, error: { code: 'UNEXPECTED' } })
    expect(JSON.stringify(result)).not.toContain('secret')
    expect(JSON.stringify(lines)).toContain('secret /home/x')
  })

  it('reports a result that does not fit the table while checking is on', async () => {
    const handlers = { ...recordingHandlers([]), 'earnings:byDay': async () => [{ day: 1 }] as never }
    const { door } = doorWith({ handlers, checkResults: true })
    expect(await door(trusted, 'earnings:byDay', { days: 1 })).toMatchObject({
      ok: false,
      error: { code: 'UNEXPECTED' },
    })
  })
})
