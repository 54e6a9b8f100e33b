import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAnvil, type Anvil } from './anvil-process.ts'
import { createBlockCache } from './block-cache.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { createChainRpc, type ChainRpc } from './rpc.ts'

const token = 'a'.repeat(43)
let anvil: Anvil
let rpc: ChainRpc
let proxy: Proxy
const enrolled: unknown[] = []

beforeAll(async () => {
  anvil = await startAnvil({ chainId: 912_345_678, genesisSeconds: 1_700_000_000, stateFile: null })
  rpc = createChainRpc(anvil.port)
  proxy = await startProxy({
    port: null,
    token,
    backend: {
      call: rpc.callRaw,
      enrol: async (enrolment) => {
        enrolled.push(enrolment)
        return { ok: true }
      },
      cache: createBlockCache(),
    },
  })
})

afterAll(async () => {
  await proxy?.close()
  rpc?.close()
  await anvil?.kill()
})

type Answer = { status: number; headers: Record<string, unknown>; body: { result?: unknown; error?: { code: number } } }

function send(o: { headers?: Record<string, string>; path?: string; method?: string; body?: string }): Promise<Answer> {
  const body = o.body ?? JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: proxy.port,
        path: o.path ?? `/${token}`,
        method: o.method ?? 'POST',
        headers: { 'content-type': 'application/json', ...o.headers },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: JSON.parse(text || '{}') as Answer['body'],
          }),
        )
      },
    )
    call.on('error', reject)
    call.end(o.method === 'GET' || o.method === 'OPTIONS' ? undefined : body)
  })
}

const ask = (method: string, params: unknown[] = []) =>
  send({ body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }) })

test('passes a read with host and token', async () => {
  expect((await send({})).body.result).toBe(`0x${(912_345_678).toString(16)}`)
})

test.each([
  ['a page that rebinds its own name to loopback', { headers: { host: 'evil.example' } }, 403],
  ['another port in Host', { headers: { host: '127.0.0.1:1' } }, 403],
  ['a foreign Origin', { headers: { origin: 'https://evil.example' } }, 403],
  ['an opaque Origin', { headers: { origin: 'null' } }, 403],
  ['a loopback Origin', { headers: { origin: 'http://127.0.0.1' } }, 403],
  ['the preflight of a web page', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }, 403],
  ['a missing token', { path: '/' }, 404],
  ['a wrong token', { path: `/${'b'.repeat(43)}` }, 404],
  ['a longer token', { path: `/${token}x` }, 404],
  ['something behind the token', { path: `/${token}/x` }, 404],
  ['a simple cross-site form', { headers: { 'content-type': 'text/plain' } }, 415],
  ['GET', { method: 'GET' }, 405],
])('refuses %s', async (_name, o, status) => {
  const answer = await send(o)
  expect(answer.status).toBe(status)
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  expect(answer.body.result).toBeUndefined()
})

test.each([
  'anvil_setBalance',
  'anvil_impersonateAccount',
  'anvil_dumpState',
  'evm_mine',
  'evm_increaseTime',
  'hardhat_setCode',
  'debug_traceTransaction',
  'eth_sendTransaction',
  'eth_sign',
  'personal_sign',
  'txpool_content',
  'EVM_MINE',
])('refuses the method %s', async (method) => {
  expect((await ask(method)).body.error?.code).toBe(-32601)
})

test('refuses a forbidden method inside a batch and answers the rest', async () => {
  const batch = ['eth_blockNumber', 'evm_mine'].map((method, id) => ({ jsonrpc: '2.0', id, method, params: [] }))
  const answers = (await send({ body: JSON.stringify(batch) })).body as unknown as Answer['body'][]
  expect(answers[0]?.result).toBe('0x0')
  expect(answers[1]?.error?.code).toBe(-32601)
})

test.each([
  ['no JSON', '{"jsonrpc"'],
  ['no call', '{"a":1}'],
  ['an empty batch', '[]'],
  ['a batch that is too long', JSON.stringify(Array.from({ length: 101 }, () => ({})))],
])('answers %s with an error', async (_name, body) => {
  expect((await send({ body })).body.error?.code).toBeLessThan(-32_000)
})

test('refuses a body over the limit, announced or not', async () => {
  const answer = await send({ body: 'x'.repeat(1024 * 1024 + 1) }).catch(() => ({ status: 413 }))
  expect(answer.status).toBe(413)
  const status = await new Promise<string>((resolve) => {
    const socket = connect(proxy.port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
    socket.write(
      `POST /${token} HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const chunk = 'y'.repeat(65_536)
    for (let i = 0; i < 20; i++) socket.write(`10000\r\n${chunk}\r\n`)
  })
  // The answer may be lost when the caller still sends; what counts is that the door stays open for others.
  expect(status).toMatch(/^(HTTP\/1\.1 413|$)/)
  expect((await send({})).status).toBe(200)
})

test('enrols only well-formed accounts', async () => {
  const customer = `0x${'12'.repeat(20)}`
  expect((await ask('hearth_enrol', [{ customer }])).body.result).toEqual({ ok: true })
  expect((await ask('hearth_enrol', [{ customer: '0x12' }])).body.error?.code).toBe(-32602)
  expect(enrolled).toEqual([{ customer }])
})

test('passes revert data of the chain through unchanged', async () => {
  // PUSH1 0xaa PUSH1 0 MSTORE8 PUSH1 1 PUSH1 0 REVERT as creation code
  const answer = await ask('eth_call', [{ data: '0x60aa60005360016000fd' }, 'latest'])
  expect(answer.body.error).toMatchObject({ data: '0xaa' })
})
