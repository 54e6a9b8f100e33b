import { z } from 'zod'
import { serializeError } from '../../../roles/api/errors.ts'
import { enrolSchema, type Enrolment } from '../messages.ts'
import type { BlockCache } from './block-cache.ts'
import { RpcFault } from './rpc-fault.ts'
import { isAllowedMethod, isSteady } from './proxy-policy.ts'

/** What stands behind the proxy. */
export type RpcBackend = {
  /** Rejects with an `RpcFault` for an error of the chain, with anything else when the chain is gone. */
  call(method: string, params: readonly unknown[]): Promise<unknown>
  enrol(enrolment: Enrolment): Promise<unknown>
  readonly cache: BlockCache
}

const callSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).default(null),
  method: z.string().max(100),
  params: z.array(z.unknown()).max(20).default([]),
})

const maximumBatch = 100

/** Answers one JSON-RPC body, single or batch, and never throws for what is in it; rejects when the chain is gone. */
export async function answerRpc(body: Buffer, backend: RpcBackend): Promise<string> {
  const parsed = parseJson(body)
  if (parsed === undefined) return JSON.stringify(failure(null, -32700, 'Not JSON.'))
  if (!Array.isArray(parsed)) return JSON.stringify(await answerCall(parsed, backend))
  if (parsed.length === 0 || parsed.length > maximumBatch) {
    return JSON.stringify(failure(null, -32600, `A batch has 1 to ${maximumBatch} calls.`))
  }
  return JSON.stringify(await Promise.all(parsed.map((call) => answerCall(call, backend))))
}

async function answerCall(input: unknown, backend: RpcBackend): Promise<unknown> {
  const call = callSchema.safeParse(input)
  if (!call.success) return failure(null, -32600, 'Not a JSON-RPC 2.0 call.')
  const { id, method, params } = call.data
  if (!isAllowedMethod(method)) return failure(id, -32601, `The practice network does not offer ${method}.`)
  try {
    const result = method === 'hearth_enrol' ? await enrol(params, backend) : await read(method, params, backend)
    return { jsonrpc: '2.0', id, result: result ?? null }
  } catch (error) {
    if (error instanceof RpcFault) return { jsonrpc: '2.0', id, error: error.fault }
    if (error instanceof EnrolError) return failure(id, -32602, error.message)
    throw error
  }
}

class EnrolError extends Error {}

async function enrol(params: readonly unknown[], backend: RpcBackend): Promise<unknown> {
  const enrolment = enrolSchema.safeParse(params[0])
  if (!enrolment.success) throw new EnrolError('hearth_enrol takes {customer, gasAccount, operator}, each an address.')
  return backend.enrol(enrolment.data).catch((error: unknown) => {
    throw new EnrolError(serializeError(error).message)
  })
}

function read(method: string, params: readonly unknown[], backend: RpcBackend): Promise<unknown> {
  if (!isSteady(method, params)) return backend.call(method, params)
  const key = `${method} ${JSON.stringify(params)}`
  const known = backend.cache.get(key)
  if (known !== undefined) return known
  const answer = backend.call(method, params)
  backend.cache.set(key, answer)
  return answer
}

function failure(id: string | number | null, code: number, message: string): unknown {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
