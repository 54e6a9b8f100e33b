import { isCallException, isError } from 'ethers'
import { ContractCallError } from './errors.ts'
import { interfaces } from './interfaces.ts'

/** Turns a reverted call into ContractCallError with the custom error's name and values; returns anything else as it is. */
export function decodeCallError(error: unknown): unknown {
  if (!isCallException(error)) return error
  const data = error.data ?? revertDataOf(error)
  if (data === null) return new ContractCallError(error.reason ?? 'Reverted', [], error)
  for (const face of Object.values(interfaces)) {
    const parsed = data.length >= 10 ? face.parseError(data) : null
    if (parsed !== null) return new ContractCallError(parsed.name, [...parsed.args], error)
  }
  return new ContractCallError(data === '0x' ? 'RevertedWithoutReason' : data.slice(0, 10), [], error)
}

/** Some nodes put the revert data in the JSON-RPC error instead. */
function revertDataOf(error: unknown): string | null {
  const info = (error as { info?: { error?: { data?: unknown } } }).info
  const data = info?.error?.data
  return typeof data === 'string' && /^0x[0-9a-fA-F]*$/.test(data) ? data : null
}

/** True when the chain could not be asked at all, so that asking again later makes sense. */
export function isConnectionProblem(error: unknown): boolean {
  if (isError(error, 'NETWORK_ERROR') || isError(error, 'TIMEOUT') || isError(error, 'SERVER_ERROR')) return true
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|AI_AGAIN)$/.test(code)
}
