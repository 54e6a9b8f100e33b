import { sleep } from './abortable.ts'
import type { Chain } from './chain.ts'
import { TransactionTimeoutError } from './errors.ts'

const pollMs = 250
const defaultTimeoutMs = 60_000

/**
 * Waits until nothing that an account has sent is still on its way into a block: who was killed in the middle of paying may
 * only then read what is paid. Throws TransactionTimeoutError, ChainCancelledError and errors of the chain.
 */
export async function untilSettled(
  chain: Chain,
  account: string,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const [mined, sent] = await Promise.all([
      chain.provider.getTransactionCount(account, 'latest'),
      chain.provider.getTransactionCount(account, 'pending'),
    ])
    if (mined >= sent) return
    if (Date.now() >= deadline)
      throw new TransactionTimeoutError('An earlier transaction of this account', timeoutMs, null)
    await sleep(pollMs, 'Waiting for an earlier transaction', options.signal)
  }
}
