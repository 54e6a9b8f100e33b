import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeMeter, type DecoderName } from '../../../resources/meters/index.ts'
import { plainTelegram } from '../../../resources/meters/testing/build-telegram.ts'
import { fuzzDecoder, type FuzzSeed } from '../../../resources/meters/testing/fuzz-decoders.ts'
import { recorded } from '../../../resources/meters/testing/recorded.ts'
import { createRandom } from '../durability/random.ts'
import { report, rounded } from '../storage/report.ts'

const runs = 7
const runMs = 400
const leastMegabytesPerSecond = 100

/** A message of a metering plug as Zigbee2MQTT puts it, with everything around the figures. */
const plugMessage = {
  ...{ ac_frequency: 49.98, child_lock: 'UNLOCK', current: 0.35, energy: 12.345, indicator_mode: 'off/on' },
  ...{
    last_seen: '2026-09-21T14:13:20.123Z',
    linkquality: 120,
    power: -80,
    power_factor: 0.97,
    power_outage_memory: 'restore',
  },
  ...{ produced_energy: 0.5, state: 'ON', voltage: 231.5 },
  update: { installed_version: 192, latest_version: 192, state: 'idle' },
}

/** What real meters sent: the project's copies, and whatever else lies in HEARTH_FIXTURES. */
function inputs(): FuzzSeed[] {
  const named = Object.entries(recorded).map(([name, text]) => [name, Buffer.from(text, 'latin1')] as const)
  const folder = process.env['HEARTH_FIXTURES']
  for (const place of folder === undefined ? [] : ['p1', 'meters']) {
    const path = join(folder!, place)
    for (const name of existsSync(path) ? readdirSync(path) : [])
      if (!Object.hasOwn(recorded, `${place}/${name}`)) named.push([`${place}/${name}`, readFileSync(join(path, name))])
  }
  const of = (pattern: RegExp) => named.filter(([name]) => pattern.test(name)).map(([, bytes]) => bytes)
  const d0 = plainTelegram(['1-0:1.8.0*255(00052185.7825309*kWh)', '1-0:1.7.0*255(002124.86*W)', '0.9.1(120000)'])
  return [
    { driver: 'p1', inputs: [...of(/^p1\//), d0] },
    { driver: 'tasmota', inputs: of(/tasmota/) },
    { driver: 'shelly', inputs: of(/shelly/) },
    { driver: 'zigbee2mqtt', inputs: [Buffer.from(JSON.stringify(plugMessage))] },
  ]
}

/**
 * The decoders of meters: how many bytes a second of one core each takes, and what comes of `mutations` changed inputs (half of them
 * telegrams). False when one is too slow, throws, or takes a telegram with a wrong checksum. Speed is by processor time, so that what
 * else runs on the machine is not measured; the wall clock's stands beside it.
 */
export function benchParsers(mutations: number): boolean {
  const seeds = inputs()
  const speeds = seeds.map((seed) => benchSpeed(seed))
  return [...speeds, benchMutations(seeds, mutations)].every((good) => good)
}

function benchSpeed({ driver, inputs: telegrams }: FuzzSeed): boolean {
  decodeFor(driver, telegrams, runMs)
  const measured = Array.from({ length: runs }, () => decodeFor(driver, telegrams, runMs))
  measured.sort((left, right) => left.perCpuSecond - right.perCpuSecond)
  const { perCpuSecond, perSecond, perTelegramUs } = measured[runs >> 1]!
  report({
    bench: 'energy',
    figure: `decoding ${driver}`,
    value: perCpuSecond,
    unit: 'MB per second of processor time',
    target: { atLeast: leastMegabytesPerSecond },
    details: {
      'MB per second of the wall clock': rounded(perSecond),
      'microseconds per telegram': rounded(perTelegramUs),
      'bytes per telegram': Math.round(telegrams.reduce((sum, one) => sum + one.length, 0) / telegrams.length),
    },
  })
  return perCpuSecond >= leastMegabytesPerSecond
}

function decodeFor(driver: DecoderName, telegrams: readonly Uint8Array[], ms: number) {
  const startedMs = performance.now()
  const cpu = process.cpuUsage()
  let [bytes, count] = [0, 0]
  while (performance.now() - startedMs < ms) {
    for (let round = 0; round < 100; round++) {
      for (const telegram of telegrams) {
        decodeMeter(driver, telegram, 1_790_000_000_000)
        bytes += telegram.length
        count++
      }
    }
  }
  const { user, system } = process.cpuUsage(cpu)
  const cpuUs = user + system
  return {
    perCpuSecond: bytes / cpuUs,
    perSecond: bytes / 1_000 / (performance.now() - startedMs),
    perTelegramUs: cpuUs / count,
  }
}

function benchMutations(seeds: readonly FuzzSeed[], mutations: number): boolean {
  const seed = Math.floor(Math.random() * 2 ** 31)
  process.stderr.write(`${mutations} changed inputs, seed ${seed}\n`)
  const random = createRandom(seed)
  const share = (driver: DecoderName) => (driver === 'p1' ? mutations / 2 : mutations / 2 / (seeds.length - 1))
  const outcomes = seeds.map((one) => fuzzDecoder(one, Math.ceil(share(one.driver)), random))
  const sum = (field: 'tried' | 'taken' | 'thrown' | 'wrongChecksum' | 'notNormalForm') =>
    outcomes.reduce((total, outcome) => total + outcome[field], 0)
  for (const example of outcomes.flatMap(({ examples }) => examples)) process.stderr.write(`${example}\n`)
  const faults = {
    'changed inputs that crash a decoder': sum('thrown'),
    'changed telegrams taken with a wrong checksum': sum('wrongChecksum'),
    'changed inputs that give something else than the normal form': sum('notNormalForm'),
  }
  for (const [figure, value] of Object.entries(faults)) {
    const details = { seed, taken: sum('taken') }
    report({ bench: 'energy', figure, value, unit: `of ${sum('tried')}`, target: { atMost: 0 }, details })
  }
  return Object.values(faults).every((value) => value === 0)
}
