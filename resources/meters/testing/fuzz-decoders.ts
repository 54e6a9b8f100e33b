import { decodeMeter, type DecoderName } from '../decode.ts'
import { meterReadingSchema } from '../reading.ts'
import { bitwiseCrc16 } from './build-telegram.ts'
import { mutate } from './mutate.ts'

/** Inputs of one decoder to change. */
export type FuzzSeed = { readonly driver: DecoderName; readonly inputs: readonly Uint8Array[] }

/** What came of changed inputs. All but `tried`, `taken` and `refused` must be zero. */
export type FuzzOutcome = {
  tried: number
  taken: number
  refused: number
  thrown: number
  wrongChecksum: number
  notNormalForm: number
  /** A few inputs that should not have been, as hexadecimal text. */
  readonly examples: string[]
}

const mostExamples = 5
/** The schema is checked on one in so many: it costs as much as decoding. */
const schemaEvery = 8

/** Changes inputs at random and decodes them. Everything that is taken is judged by other code than the decoder's. */
export function fuzzDecoder({ driver, inputs }: FuzzSeed, count: number, random: () => number): FuzzOutcome {
  const outcome: FuzzOutcome = {
    tried: 0,
    taken: 0,
    refused: 0,
    thrown: 0,
    wrongChecksum: 0,
    notNormalForm: 0,
    examples: [],
  }
  for (let index = 0; index < count; index++) {
    const input = mutate(inputs[index % inputs.length]!, random, inputs)
    const fault = tryOne(outcome, driver, input)
    outcome.tried++
    if (fault === null) continue
    outcome[fault]++
    if (outcome.examples.length < mostExamples) outcome.examples.push(`${fault} ${Buffer.from(input).toString('hex')}`)
  }
  return outcome
}

function tryOne(
  outcome: FuzzOutcome,
  driver: DecoderName,
  input: Uint8Array,
): 'thrown' | 'wrongChecksum' | 'notNormalForm' | null {
  try {
    const decoded = decodeMeter(driver, input, 0)
    if (decoded.kind === 'refused') {
      outcome.refused++
      return null
    }
    outcome.taken++
    if (driver === 'p1' && !hasHonestTelegram(Buffer.from(input).toString('latin1'))) return 'wrongChecksum'
    if (outcome.taken % schemaEvery !== 0) return null
    return meterReadingSchema.safeParse(decoded.reading).success ? null : 'notNormalForm'
  } catch {
    return 'thrown'
  }
}

/**
 * True when some stretch of the text is a telegram that may be taken: with the checksum that the bit by bit definition gives, or with
 * none where nothing says that its version has one. Written apart from the decoder, and slow.
 */
export function hasHonestTelegram(text: string): boolean {
  for (let end = text.indexOf('!'); end >= 0; end = text.indexOf('!', end + 1)) {
    const rest = /^[^\r\n]*/.exec(text.slice(end + 1))![0].replaceAll(' ', '')
    for (let start = text.indexOf('/'); start >= 0 && start < end; start = text.indexOf('/', start + 1)) {
      const body = text.slice(start, end + 1)
      if (
        rest === ''
          ? mayLackChecksum(body)
          : /^[0-9A-Fa-f]{1,4}$/.test(rest) && bitwiseCrc16(body) === parseInt(rest, 16)
      )
        return true
    }
  }
  return false
}

function mayLackChecksum(body: string): boolean {
  const ofVersion4 = /(^|[\r\n\x02])(1-\d+:0\.2\.8|0-0:96\.1\.4)(\*255)?\([4-9]\d/
  const withZone = /(^|[\r\n\x02])0-\d+:1\.0\.0(\*255)?\([^()\r\n]*[SW]\)/
  return !ofVersion4.test(body) && !withZone.test(body)
}
