import { request } from 'node:http'
import { z } from 'zod'

/** Largest answer: 65,535 bytes of an extended APDU as hex, with its JSON around. */
const maximumAnswerBytes = 140_000

const answerSchema = z.object({
  data: z.string().regex(/^([0-9a-fA-F]{2}){2,}$/),
})

/** The emulator's server answered with something that is no APDU. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}

/**
 * Sends one APDU to the emulator's HTTP interface (`POST /apdu`) and gives the answer as hex. Waits as long as the person
 * needs; the caller bounds it by the signal. One connection per APDU: the server may go away between two.
 */
export function postApdu(o: { host: string; port: number; dataHex: string; signal: AbortSignal }): Promise<string> {
  const body = JSON.stringify({ data: o.dataHex })
  return new Promise((resolve, reject) => {
    const call = request({
      host: o.host.replace(/^\[|\]$/g, ''),
      port: o.port,
      path: '/apdu',
      method: 'POST',
      agent: false,
      signal: o.signal,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    })
    call.once('error', reject)
    call.once('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        chunks.push(chunk)
        if (length > maximumAnswerBytes) call.destroy(new AnswerError('the answer is too long'))
      })
      response.once('error', reject)
      response.once('end', () => settle(() => parseAnswer(response.statusCode, Buffer.concat(chunks)), resolve, reject))
    })
    call.end(body)
  })
}

function parseAnswer(status: number | undefined, body: Buffer): string {
  if (status !== 200) throw new AnswerError(`the server answered with HTTP status ${status ?? 'unknown'}`)
  return answerSchema.parse(JSON.parse(body.toString('utf8'))).data
}

function settle<T>(compute: () => T, resolve: (value: T) => void, reject: (error: Error) => void): void {
  try {
    resolve(compute())
  } catch (cause) {
    reject(cause instanceof AnswerError ? cause : new AnswerError('the answer is no APDU', { cause }))
  }
}
