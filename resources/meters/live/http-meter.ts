import { decodeMeter } from '../decode.ts'
import { objectOf, numberOf, parseObject } from '../json/read-json.ts'
import { MeterError, type MeterConnection } from './meter-driver.ts'
import { poll } from './poll.ts'
import { socketError } from './p1-tcp.ts'

const answerMs = 5_000
const longestAnswerBytes = 65_536
const usualIntervalMs = 10_000

type HttpOptions = { readonly intervalMs?: number }

/** A Shelly of any generation, asked over HTTP what it measures. */
export function shellyHttp(base: URL, { intervalMs = usualIntervalMs }: HttpOptions = {}): MeterConnection {
  return async (listening, signal) => {
    const about = objectOf(parseObject(await get(base, '/shelly', signal)))
    const generation = about === null ? null : (numberOf(about['gen']) ?? 1)
    if (generation === null) throw new MeterError('unreadable', `${base.host} does not answer as a Shelly does.`)
    const path = generation >= 2 ? '/rpc/Shelly.GetStatus' : '/status'
    await poll(intervalMs, signal, async () => {
      const decoded = decodeMeter('shelly', await get(base, path, signal), Date.now())
      if (decoded.kind === 'reading') listening.reading(decoded.reading)
      else listening.trouble({ code: 'unreadable', message: decoded.refusal.message })
    })
  }
}

/** A Tasmota device, asked over HTTP for what its SENSOR message says. */
export function tasmotaHttp(base: URL, { intervalMs = usualIntervalMs }: HttpOptions = {}): MeterConnection {
  return (listening, signal) =>
    poll(intervalMs, signal, async () => {
      const decoded = decodeMeter('tasmota', await get(base, '/cm?cmnd=Status%208', signal), Date.now())
      if (decoded.kind === 'reading') listening.reading(decoded.reading)
      else listening.trouble({ code: 'unreadable', message: decoded.refusal.message })
    })
}

/** The bytes of an answer. Never follows a redirect: it would lead to a host that nobody named. */
export async function get(base: URL, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const url = new URL(path, base)
  const both = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  try {
    const response = await fetch(url, { signal: both, redirect: 'error' })
    if (response.status === 401) throw new MeterError('password', `${base.host} asks for a password.`)
    if (!response.ok) throw new MeterError('exception', `${base.host} answered ${path} with status ${response.status}.`)
    return await readBody(response, base.host)
  } catch (error) {
    if (error instanceof MeterError) throw error
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new MeterError('noAnswer', `${base.host} did not answer within ${answerMs / 1_000} seconds.`, error)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error)
    throw socketError(base.host, cause)
  }
}

async function readBody(response: Response, host: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    parts.push(part)
    length += part.length
    if (length > longestAnswerBytes)
      throw new MeterError('unreadable', `${host} answers with more than any meter has to say.`)
  }
  return Buffer.concat(parts)
}
