import { Agent, request } from 'node:http'
import { z } from 'zod'
import { HearthError } from '../../../roles/api/errors.ts'
import { RpcFault } from './rpc-fault.ts'

/** The chain answered with an error, not at all, or not in JSON-RPC. */
export class ChainRpcError extends HearthError {}

/** The chain process's own way to anvil; outsiders go through the proxy. */
export type ChainRpc = {
  call(method: string, params?: readonly unknown[]): Promise<unknown>
  /** As `call`, but an error of the chain arrives as it is (RpcFault), for the proxy to pass on. */
  callRaw(method: string, params: readonly unknown[]): Promise<unknown>
  close(): void
}

const callTimeoutMs = 30_000

const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number().optional(), message: z.string(), data: z.unknown().optional() }).optional(),
})

/** A JSON-RPC client over kept-alive connections to a loopback port. */
export function createChainRpc(port: number): ChainRpc {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  let nextId = 1
  async function ask(method: string, params: readonly unknown[]): Promise<z.infer<typeof answerSchema>> {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: nextId++, method, params }))
    return answerSchema.parse(JSON.parse((await post(agent, port, body)).toString()))
  }
  return {
    async callRaw(method, params) {
      const answer = await ask(method, params)
      if (answer.error !== undefined) throw new RpcFault(answer.error)
      return answer.result
    },
    async call(method, params = []) {
      const answer = await ask(method, params)
      if (answer.error === undefined) return answer.result
      throw new ChainRpcError('CHAIN_REFUSED', `The practice chain refused ${method}: ${answer.error.message}`)
    },
    close: () => agent.destroy(),
  }
}

function post(agent: Agent, port: number, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new ChainRpcError('CHAIN_GONE', `The practice chain does not answer: ${cause.message}`, { cause }))
    const call = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        timeout: callTimeoutMs,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks)))
        response.on('error', fail)
      },
    )
    call.on('timeout', () => call.destroy(new Error(`no answer within ${callTimeoutMs} ms`)))
    call.on('error', fail)
    call.end(body)
  })
}
