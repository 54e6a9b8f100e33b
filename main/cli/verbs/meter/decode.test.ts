import { describe, expect, it } from 'vitest'
import { recorded } from '../../../../resources/meters/testing/recorded.ts'
import { createNodePlatform } from '../../../platform/node/index.ts'
import { runHearth } from '../run-hearth.ts'

async function hearth(args: readonly string[], input: string, signal = new AbortController().signal) {
  let [stdout, stderr] = ['', '']
  const code = await runHearth({
    args,
    env: {},
    cwd: '/',
    stdin: (async function* () {
      // In pieces, as pipes deliver.
      for (let at = 0; at < input.length; at += 100) yield Buffer.from(input.slice(at, at + 100), 'latin1')
      if (input === 'never ends') await new Promise(() => {})
    })(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    platform: createNodePlatform(),
    signal,
  })
  return { code, stdout, stderr }
}

describe('hearth meter decode', () => {
  it.each([
    ['p1', 'p1/v5.telegram', { importWh: 6_825, exportWh: 2_444, powerW: 244 }],
    ['tasmota', 'meters/tasmota_dual_sensor.json', { importWh: 3_067, exportWh: null, deviceTime: null }],
    ['shelly', 'meters/shelly_pro3em_em_getstatus.json', { powerW: 356 }],
  ])('prints one JSON object for what %s sends', async (driver, name, figures) => {
    const { code, stdout, stderr } = await hearth(['meter', 'decode', '--driver', driver], recorded[name]!)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(stdout)).toMatchObject(figures)
  })

  it.each([
    ['nothing', 'p1', '', 'There is nothing to read.'],
    [
      'a changed telegram',
      'p1',
      recorded['p1/v5.telegram']!.replace('4.426', '4.427'),
      'checksum of the telegram is wrong',
    ],
    ['another driver’s input', 'tasmota', recorded['p1/v5.telegram']!, 'no JSON object'],
    ['more than any meter sends', 'p1', 'x'.repeat(2_000_000), 'larger than any telegram'],
    ['an unknown driver', 'smoke', '', 'There is no driver "smoke" to decode.'],
  ])('ends with 2 and one plain reason for %s', async (_, driver, input, reason) => {
    const { code, stdout, stderr } = await hearth(['meter', 'decode', '--driver', driver], input)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([[['meter']], [['meter', 'write']], [['meter', 'decode']], [['meter', 'decode', 'x', '--driver', 'p1']]])(
    'says how it is used: %j',
    async (args) => {
      expect(await hearth(args, '')).toMatchObject({ code: 2, stdout: '' })
    },
  )

  it('ends when it is interrupted while it waits for more', async () => {
    expect(await hearth(['meter', 'decode', '--driver', 'p1'], 'never ends', AbortSignal.timeout(50))).toMatchObject({
      code: 1,
      stderr: 'hearth: Reading standard input was cancelled.\n',
    })
  })
})
