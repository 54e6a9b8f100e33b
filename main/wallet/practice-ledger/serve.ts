import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { z } from 'zod'
import { HearthError } from '../../../roles/api/errors.ts'
import { createEventLog } from './event-log.ts'
import type { EventLog } from './event-log.ts'
import { apduBodySchema, buttonBodySchema, fingerBodySchema, judgeEnvelope } from './http-policy.ts'
import { touchedAt } from './layout.ts'
import type { PracticeLedger } from './practice-ledger.ts'

/** A practice Ledger that speaks the emulator's HTTP interface on this computer. */
export type PracticeLedgerServer = { readonly host: string; readonly port: number; close(): Promise<void> }

/** The port is taken or forbidden. */
export class PracticeLedgerPortError extends HearthError {}

const host = '127.0.0.1'
/** The longest command is 260 bytes, twice as long in hex. */
const maximumBodyBytes = 4 * 1024
const maximumConnections = 32
const headersTimeoutMs = 5_000
const requestTimeoutMs = 15_000

/** Listens on 127.0.0.1; port null takes a free one. Rejects with PracticeLedgerPortError. */
export async function servePracticeLedger(
  ledger: PracticeLedger,
  o: { port: number | null },
): Promise<PracticeLedgerServer> {
  const log = createEventLog(ledger)
  const server = createServer((request, response) => void answerRequest(request, response))
  server.maxConnections = maximumConnections
  server.headersTimeout = headersTimeoutMs
  server.requestTimeout = requestTimeoutMs
  server.maxHeadersCount = 50
  const port = await listen(server, o.port ?? 0)

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { origin, 'sec-fetch-site': site } = request.headers
      const fetchSite = site?.toString()
      const refused = judgeEnvelope({ method: request.method, host: request.headers.host, origin, fetchSite }, port)
      if (refused !== null) return send(response, refused, { error: 'Only programs on this computer are served.' })
      await route({ request, response, ledger, log })
    } catch (error) {
      if (error instanceof BodyError) send(response, error.status, { error: error.message })
      else response.destroy()
    }
  }

  return {
    host,
    port,
    async close() {
      log.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

type Call = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly ledger: PracticeLedger
  readonly log: EventLog
}

async function route(call: Call): Promise<void> {
  const { request, response, ledger, log } = call
  const url = new URL(request.url ?? '/', 'http://practice')
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /apdu':
      return exchange(call)
    case 'GET /events':
      if (isTrue(url.searchParams.get('stream'))) return stream(call)
      return send(response, 200, {
        events: isTrue(url.searchParams.get('currentscreenonly')) ? log.current() : log.all(),
      })
    case 'DELETE /events':
      log.clear()
      return send(response, 200, {})
    case 'POST /button/left':
    case 'POST /button/right':
    case 'POST /button/both': {
      const { action } = await readBody(request, buttonBodySchema)
      const name = url.pathname.slice('/button/'.length) as 'left' | 'right' | 'both'
      // A button acts when it is let go.
      if (action !== 'press') ledger.press(name)
      return send(response, 200, {})
    }
    case 'POST /finger': {
      const { action, x, y } = await readBody(request, fingerBodySchema)
      const button = touchedAt(ledger.screen(), { x, y })
      if (action !== 'press' && button !== null) ledger.press(button)
      return send(response, 200, {})
    }
    default:
      return send(response, 404, { error: 'Not found.' })
  }
}

/** Answers when the person has decided; a client that goes away leaves its question on the screen. */
async function exchange({ request, response, ledger }: Call): Promise<void> {
  const { data } = await readBody(request, apduBodySchema)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await ledger.exchange(Buffer.from(data, 'hex'), { signal: gone.signal })
  send(response, 200, { data: Buffer.from(answer).toString('hex') })
}

/** Server-sent events until the client goes away. */
function stream({ response, log }: Call): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  const undo = log.follow((event) => void response.write(`data: ${JSON.stringify(event)}\n\n`))
  response.once('close', undo)
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1'
}

class BodyError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maximumBodyBytes) throw new BodyError(413, 'Too large.')
    chunks.push(chunk)
  }
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  } catch {
    throw new BodyError(400, 'Wrong body.')
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(body)
  // After a refusal nothing more is read from this client.
  const closing = status >= 400 ? { connection: 'close' } : {}
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...closing,
  })
  response.end(text)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      const why = `The practice Ledger cannot listen on port ${port} (${cause.code ?? cause.message}).`
      reject(new PracticeLedgerPortError('PORT_TAKEN', why, { action: 'Choose another port.', cause }))
    }
    server.once('error', fail)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
