import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server in the emulator's place; `answer` does with the n-th request what it likes. */
export type HostileServer = { readonly port: number; requests(): number; close(): Promise<void> }

export async function startHostileServer(
  answer: (command: Buffer, response: ServerResponse, index: number) => void,
): Promise<HostileServer> {
  let requests = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: string }
      answer(Buffer.from(data, 'hex'), response, requests++)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** An answer as the emulator gives it. */
export function answerHex(response: ServerResponse, hex: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: hex }))
}
