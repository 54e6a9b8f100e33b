import { readLatestBlock, readPayout, readTokenBalance } from '../../contracts/client/index.ts'
import type { Payout } from '../../contracts/client/index.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { PayoutView } from '../api/wallet.ts'
import { finishPayout, isChangeConfirmed, isPayoutStrange } from '../earnings/index.ts'
import type { ConfirmedPayout } from '../store/index.ts'
import type { Connection } from './connection.ts'
import { every } from './every.ts'

const readMs = 15_000

/** Where the operator's claims go and what lies at his own address, as the chain says. */
export type PayoutWatch = {
  /** Null until it is read. */
  view(confirmed: ConfirmedPayout): PayoutView | null
  balanceWei(): bigint | null
  /** Puts a confirmed change into effect whose time has come. Rejects with the reason why it cannot be. */
  finish(): Promise<void>
  /** Reads it now: something happened that may have changed it. */
  poke(): void
  stop(): void
}

export type PayoutWatchParts = {
  readonly connection: Connection
  readonly operator: () => string | null
  /** What the device confirmed on this computer, once what the chain says now is taken into account. */
  readonly confirm: (operator: string, payout: Payout) => Promise<ConfirmedPayout>
  readonly onTold: (
    level: Activity['level'],
    code: string,
    values: Activity['values'],
    transactionHash: string | null,
  ) => void
  readonly onChange: () => void
  readonly log: Log
}

type Seen = { readonly operator: string; readonly payout: Payout; readonly balanceWei: bigint }

/**
 * Follows payout and balance of whoever is the operator, and announces every change of payout that waits (PROTOCOL 1.8). One that
 * this computer's device confirmed is put into effect when its time has come; any other one is only warned of.
 */
export function watchPayout(o: PayoutWatchParts): PayoutWatch {
  const { chain, sender, gas } = o.connection
  let seen: Seen | null = null
  let announced = ''

  async function look(signal: AbortSignal): Promise<void> {
    const operator = o.operator()
    if (operator === null) return
    const block = await readLatestBlock(chain, { signal })
    const at = { blockTag: block.number, signal }
    const [payout, balanceWei] = await Promise.all([
      readPayout(chain, operator, at),
      readTokenBalance(chain, operator, at),
    ])
    const before = JSON.stringify(seen, textOf)
    seen = { operator, payout, balanceWei }
    const confirmed = await o.confirm(operator, payout)
    announce(payout, confirmed)
    if (before !== JSON.stringify(seen, textOf)) o.onChange()
    const { change } = payout
    if (change === null || block.timestampSeconds < change.effectiveAtSeconds) return
    if (isChangeConfirmed(payout, confirmed)) await finish(seen, signal)
  }

  function announce(payout: Payout, confirmed: ConfirmedPayout): void {
    const { change } = payout
    const name = change === null ? '' : `${change.address} ${change.effectiveAtSeconds}`
    if (name === announced) return
    announced = name
    if (change === null) return
    const values = { to: change.address, effectiveAtMs: change.effectiveAtSeconds * 1000 }
    if (isChangeConfirmed(payout, confirmed)) o.onTold('info', 'payoutChangeWaiting', values, null)
    else o.onTold('warning', 'payoutChangeStrange', values, null)
  }

  async function finish({ operator, payout }: Seen, signal: AbortSignal): Promise<void> {
    const confirmed = await o.confirm(operator, payout)
    const { transactionHash, feeWei } = await finishPayout({ chain, operator, payout, confirmed, sender, signal })
    gas.add({ transactionHash, atMs: Date.now(), purpose: 'finishPayout', spentWei: feeWei })
    o.onTold('good', 'payoutChanged', { to: payout.change?.address ?? payout.to }, transactionHash)
    watching.poke()
  }

  const life = new AbortController()
  const current = () => (seen?.operator === o.operator() ? seen : null)
  const watching = every(readMs, look, 'Reading the payout address', o.log)
  return {
    view(confirmed) {
      const now = current()
      if (now === null) return null
      const { to, change } = now.payout
      return {
        address: to,
        confirmedAddress: confirmed.current,
        pending: change === null ? null : { to: change.address, effectiveAtMs: change.effectiveAtSeconds * 1000 },
        differs: isPayoutStrange(to, now.operator, confirmed),
      }
    },
    balanceWei: () => current()?.balanceWei ?? null,
    async finish() {
      await look(life.signal)
      const now = current()
      if (now !== null && now.payout.change !== null) await finish(now, life.signal)
    },
    poke: watching.poke,
    stop() {
      life.abort()
      watching.stop()
    },
  }
}

function textOf(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
