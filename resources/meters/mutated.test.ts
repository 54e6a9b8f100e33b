import { describe, expect, it } from 'vitest'
import { createRandom } from '../../e2e/bench/durability/random.ts'
import { p1Telegram, plainTelegram } from './testing/build-telegram.ts'
import { fuzzDecoder, hasHonestTelegram } from './testing/fuzz-decoders.ts'
import { recorded } from './testing/recorded.ts'

/** The short form of `npm run bench energy -- parsers`, which tries ten million. */
const tries = 200_000

const inputsOf = (prefix: string) =>
  Object.entries(recorded)
    .filter(([name]) => name.startsWith(prefix))
    .map(([, text]) => Buffer.from(text, 'latin1'))

describe('changed inputs', () => {
  it.each([
    ['p1', [...inputsOf('p1/'), plainTelegram(['1-0:1.8.0*255(00052185.7825309*kWh)', '0.9.1(120000)'])]],
    ['tasmota', inputsOf('meters/tasmota')],
    ['shelly', inputsOf('meters/shelly')],
  ] as const)('crash no decoder, and none is taken with a wrong checksum: %s', (driver, inputs) => {
    const { examples, ...outcome } = fuzzDecoder({ driver, inputs }, tries / (driver === 'p1' ? 2 : 4), createRandom(6))
    expect(examples).toEqual([])
    expect(outcome).toMatchObject({ thrown: 0, wrongChecksum: 0, notNormalForm: 0 })
    expect(outcome.taken).toBeGreaterThan(0)
    expect(outcome.refused).toBeGreaterThan(0)
  })

  it('are judged by something that knows a wrong checksum', () => {
    const text = Buffer.from(p1Telegram(['1-3:0.2.8(50)', '1-0:1.8.0(1*kWh)'])).toString('latin1')
    expect(hasHonestTelegram(text)).toBe(true)
    expect(hasHonestTelegram(text.replace('1*kWh', '2*kWh'))).toBe(false)
    expect(hasHonestTelegram(text.replace(/![0-9A-F]{4}/, '!'))).toBe(false)
    expect(hasHonestTelegram(recorded['p1/v2_2.telegram']!)).toBe(true)
  })
})
