import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { HearthError } from '../../../roles/api/errors.ts'
import { answerRpc, type RpcBackend } from './answer-rpc.ts'
import { judgeRequest } from './proxy-policy.ts'

/** The only door to the practice chain for everyone but its owner. */
export type Proxy = { readonly port: number; readonly url: string; close(): Promise<void> }

/** The proxy's port is taken or forbidden. */
export class ProxyPortError extends HearthError {}

/** Largest body: 512 pieces of one `addPieces` are near 100 kB; anvil itself stops at 2 MB. */
const maximumBodyBytes = 1024 * 1024
const maximumConnections = 512
const requestTimeoutMs = 15_000
const headersTimeoutMs = 5_000
const keepAliveTimeoutMs = 60_000

/** Listens on 127.0.0.1 and passes on what `judgeRequest` and the method list allow. Rejects with ProxyPortError. */
export async function startProxy(o: { port: number | null; token: string; backend: RpcBackend }): Promise<Proxy> {
  const server = createServer((request, response) => void handle(request, response))
  server.maxConnections = maximumConnections
  server.headersTimeout = headersTimeoutMs
  server.requestTimeout = requestTimeoutMs
  server.keepAliveTimeout = keepAliveTimeoutMs
  server.maxHeadersCount = 50
  const port = await listen(server, o.port ?? 0)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin, 'content-type': contentType } = request.headers
    const refusal = judgeRequest(
      { method: request.method, url: request.url, host, origin, contentType },
      { port, token: o.token },
    )
    if (refusal !== null) return refuse(request, response, refusal.status, refusal.message)
    try {
      const body = await readBody(request)
      if (body === null) return refuse(request, response, 413, 'Too large.')
      send(response, 200, await answerRpc(body, o.backend))
    } catch {
      refuse(request, response, 503, 'The chain does not answer.')
    }
  }

  return {
    port,
    url: `http://127.0.0.1:${port}/${o.token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new ProxyPortError(
          'PORT_TAKEN',
          `The practice network cannot listen on port ${port} (${cause.code ?? cause.message}).`,
          {
            action: 'Leave --port away for a free one, or choose another.',
            cause,
          },
        ),
      ),
    )
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Collects a body; null when it is longer than allowed, whatever its header said. Rejects when the caller goes away. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maximumBodyBytes) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= maximumBodyBytes) return void chunks.push(chunk)
      // Not destroyed but left lying: the answer still has to get through.
      request.pause()
      resolve(null)
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('The caller went away.')))
  })
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return
  response.setHeader('connection', 'close')
  // What is still arriving is not read. The socket is gone already when the caller is.
  const socket: Socket | null = request.socket
  response.once('finish', () => socket?.destroySoon())
  send(response, status, JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }))
}
