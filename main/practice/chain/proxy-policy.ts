import { createHash, timingSafeEqual } from 'node:crypto'

/** What the proxy knows of a request before it reads a body. */
export type ProxyRequest = {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly contentType: string | undefined
}

/** `null` = pass; else the status to answer with and why, in words that help an honest mistake and tell nothing else. */
export type Refusal = { readonly status: number; readonly message: string } | null

/**
 * Decides on a request's envelope (PROTOCOL 9.2). The order matters: nothing about the token is told to a browser.
 *
 * Host must be the loopback name and port that the proxy listens on: a page that rebinds its own name to 127.0.0.1 still
 * sends its name. Any Origin is refused: no page has business here, and tools other than browsers send none.
 */
export function judgeRequest(request: ProxyRequest, o: { port: number; token: string }): Refusal {
  const hosts = [`127.0.0.1:${o.port}`, `localhost:${o.port}`]
  if (request.host === undefined || !hosts.includes(request.host)) return { status: 403, message: 'Wrong host.' }
  if (request.origin !== undefined) return { status: 403, message: 'Web pages are not served.' }
  if (request.method !== 'POST') return { status: 405, message: 'Only POST.' }
  if (!hasToken(request.url, o.token)) return { status: 404, message: 'Not found.' }
  if (!/^application\/json(\s*;|$)/i.test(request.contentType ?? '')) {
    return { status: 415, message: 'Only application/json.' }
  }
  return null
}

/** The first path segment must be the start token; compared in constant time over hashes of equal length. */
function hasToken(url: string | undefined, token: string): boolean {
  const segment = /^\/([^/?#]*)\/?$/.exec(url ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(segment), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Reads that change nothing and that everyone on the network may make. */
const readMethods = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
])

/** Reads whose answer stays the same until the next block, unless they ask about the pending one. */
const steadyMethods = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'net_version',
])

/** Methods for outsiders. Everything else (anvil_*, evm_*, hardhat_*, debug_*, personal_*, eth_sendTransaction, ...) is refused. */
export function isAllowedMethod(method: string): boolean {
  return readMethods.has(method) || method === 'eth_sendRawTransaction' || method === 'hearth_enrol'
}

/** True when an answer may be given again until the next block. */
export function isSteady(method: string, params: unknown): boolean {
  return steadyMethods.has(method) && !JSON.stringify(params ?? []).includes('"pending"')
}
