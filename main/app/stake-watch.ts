import type { Log } from '../../roles/api/values.ts'
import type { Activity } from '../api/channels.ts'
import type { StakeView } from '../api/snapshot.ts'
import { openStakeBook, withdrawStake } from '../earnings/index.ts'
import { every } from './every.ts'
import type { Session } from './session.ts'

const readMs = 10_000
/** The chain's time is that of its newest block, a little behind the clock. */
const chainLagMs = 5_000

/** The stake of a session's operator, kept up to date. */
export type StakeWatch = {
  view(): StakeView | null
  /** Reads it now: something happened that may have changed it. */
  poke(): void
  stop(): void
}

/** What a session gives for it. */
type StakeSession = Pick<Session, 'chain' | 'operator' | 'sender'> & {
  readonly roleKeys: { readonly storage: { readonly address: string } }
}

/** Follows the stake while a session lasts, tells what was taken, and pays out what has unbonded (anyone may). */
export function watchStake(o: {
  session: StakeSession
  onTold: (level: Activity['level'], code: string, values: Activity['values'], transactionHash: string | null) => void
  onChange: () => void
  log: Log
}): StakeWatch {
  const { chain, operator, roleKeys, sender } = o.session
  const book = openStakeBook({ chain, operator, node: roleKeys.storage.address })

  async function look(signal: AbortSignal): Promise<void> {
    const before = book.view()
    const view = await book.refresh({ signal })
    if (JSON.stringify(view) !== JSON.stringify(before)) o.onChange()
    if (before !== null) tellTaken(before, view)
    const { unbondingEndsAtMs, unbondingWei } = view
    if (unbondingEndsAtMs === null || unbondingEndsAtMs + chainLagMs > Date.now()) return
    const { transactionHash } = await withdrawStake({ chain, operator, sender, signal })
    o.onTold('good', 'stakeReturned', { amountWei: unbondingWei }, transactionHash)
    watching.poke()
  }

  function tellTaken(before: StakeView, view: StakeView): void {
    const takenWei = BigInt(view.slashedWei) - BigInt(before.slashedWei)
    if (takenWei <= 0n) return
    const transactionHash = view.taken[0]?.transactionHash ?? null
    o.onTold('warning', 'stakeTaken', { amountWei: takenWei.toString() }, transactionHash)
  }

  const watching = every(readMs, look, 'Reading the stake', o.log)
  return { view: book.view, poke: watching.poke, stop: watching.stop }
}
