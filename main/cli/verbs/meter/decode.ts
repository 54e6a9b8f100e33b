import { decodeMeter, decoders, isDecoderName, longestInputBytes } from '../../../../resources/meters/index.ts'
import { CancelledError, HearthError } from '../../../../roles/api/errors.ts'
import { toJsonLine } from '../../output/to-json-line.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'

/** What was given is no telegram or message of a meter; wrong input, exit code 2. */
export class MeterInputError extends HearthError {}

/**
 * `hearth meter decode --driver D < FILE`: prints one recorded telegram or message in the normal form, always as one JSON object.
 * Throws MeterInputError with a plain reason for what is none.
 */
export async function decode(context: VerbContext, o: { driver: string | null }): Promise<void> {
  const names = Object.keys(decoders).join(', ')
  if (o.driver === null) throw new UsageError('Name the kind of input with --driver.', `There are: ${names}.`)
  if (!isDecoderName(o.driver))
    throw new UsageError(`There is no driver "${o.driver}" to decode.`, `There are: ${names}.`)
  const decoded = decodeMeter(o.driver, await readAll(context), Date.now())
  if (decoded.kind === 'refused') {
    const { code, message } = decoded.refusal
    throw new MeterInputError('METER_INPUT', message, { details: { reason: code } })
  }
  context.output.raw(`${toJsonLine(decoded.reading)}\n`)
}

/** All of standard input, as far as a meter's input goes: one byte more is enough to know that it is none. */
async function readAll({ stdin, signal }: VerbContext): Promise<Uint8Array> {
  if (stdin.isTTY === true) throw new UsageError('Give the telegram on standard input.', 'For example: < FILE')
  let cancel = () => {}
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(new CancelledError('Reading standard input'))
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
  })
  try {
    return await Promise.race([collect(stdin), cancelled])
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function collect(stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stdin) {
    parts.push(part)
    length += part.length
    if (length > longestInputBytes) break
  }
  return Buffer.concat(parts)
}
