import { readTiming } from '../../contracts/client/index.ts'
import type { Log } from '../../roles/api/values.ts'
import { every } from './every.ts'
import type { Repeating } from './every.ts'
import { isFloatLow } from './gas-account.ts'
import type { Session } from './session.ts'

/** Earnings are read this often also when nothing told of a payment. */
const earningsMs = 10_000
const gasMs = 15_000

/** What is known of a session's money besides its book. */
export type MoneyWatch = {
  gasLow(): boolean | null
  provingPeriodMs(): number | null
  /** Reads the earnings now: a proof or a voucher was just accepted. */
  poke(): void
  stop(): void
}

/** Keeps the earnings book and the gas float up to date while a session lasts. */
export function watchMoney(o: {
  session: Session
  unredeemedWei: () => bigint
  onChange: () => void
  log: Log
}): MoneyWatch {
  const { session, log } = o
  let gasLow: boolean | null = null
  let provingPeriodMs: number | null = null

  async function readEarnings(): Promise<void> {
    const before = JSON.stringify(session.book.summary())
    const summary = await session.book.refresh({ unredeemedWei: o.unredeemedWei() })
    if (JSON.stringify({ ...summary, asOfBlock: null }) !== withoutBlock(before)) o.onChange()
  }

  async function readGas(): Promise<void> {
    provingPeriodMs ??= (await readTiming(session.chain)).provingPeriodSeconds * 1000
    const [balanceWei, fees] = await Promise.all([
      session.chain.provider.getBalance(session.gasAddress),
      session.chain.provider.getFeeData(),
    ])
    const low = isFloatLow(balanceWei, fees.maxFeePerGas ?? fees.gasPrice ?? 0n)
    if (low === gasLow) return
    gasLow = low
    o.onChange()
  }

  const repeating: readonly Repeating[] = [
    every(earningsMs, readEarnings, 'Reading the earnings', log),
    every(gasMs, readGas, 'Reading the gas float', log),
  ]
  return {
    gasLow: () => gasLow,
    provingPeriodMs: () => provingPeriodMs,
    poke: () => repeating[0]?.poke(),
    stop: () => repeating.forEach((task) => task.stop()),
  }
}

/** A new block alone is no news worth a snapshot: the network view carries it. */
function withoutBlock(json: string): string {
  const value: unknown = JSON.parse(json)
  return JSON.stringify(value === null ? null : { ...(value as object), asOfBlock: null })
}
