import { readTokenBalance } from '../../contracts/client/index.ts'
import type { Log } from '../../roles/api/values.ts'
import type { PayoutView } from '../api/wallet.ts'
import { isPayoutStrange, readPayout } from '../earnings/index.ts'
import type { Payout } from '../earnings/index.ts'
import type { ConfirmedPayout } from '../store/index.ts'
import type { Connection } from './connection.ts'
import { every } from './every.ts'

const readMs = 15_000

/** Where the operator's claims go and what lies at his own address, as the chain says. */
export type PayoutWatch = {
  /** Null until it is read. */
  view(confirmed: ConfirmedPayout): PayoutView | null
  balanceWei(): bigint | null
  /** Reads it now: something happened that may have changed it. */
  poke(): void
  stop(): void
}

type Seen = { readonly operator: string; readonly payout: Payout; readonly balanceWei: bigint }

/** Follows payout and balance of whoever is the operator. */
export function watchPayout(o: {
  connection: Connection
  operator: () => string | null
  onChange: () => void
  log: Log
}): PayoutWatch {
  const { chain } = o.connection
  let seen: Seen | null = null

  async function look(signal: AbortSignal): Promise<void> {
    const operator = o.operator()
    if (operator === null) return
    const [payout, balanceWei] = await Promise.all([
      readPayout(chain, operator, { signal }),
      readTokenBalance(chain, operator, { signal }),
    ])
    const before = seen
    seen = { operator, payout, balanceWei }
    if (JSON.stringify(before, textOf) !== JSON.stringify(seen, textOf)) o.onChange()
  }

  const current = () => (seen?.operator === o.operator() ? seen : null)
  const watching = every(readMs, look, 'Reading the payout address', o.log)
  return {
    view(confirmed) {
      const now = current()
      if (now === null) return null
      const { payout, operator } = now
      const { pending } = payout
      return {
        address: payout.address,
        confirmedAddress: confirmed.current,
        pending: pending === null ? null : { to: pending.to, effectiveAtMs: pending.effectiveAtSeconds * 1000 },
        differs: isPayoutStrange(payout.address, operator, confirmed),
      }
    },
    balanceWei: () => current()?.balanceWei ?? null,
    poke: watching.poke,
    stop: watching.stop,
  }
}

function textOf(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
