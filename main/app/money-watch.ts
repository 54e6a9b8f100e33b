import { readTiming } from '../../contracts/client/index.ts'
import type { Log } from '../../roles/api/values.ts'
import type { GasView } from '../api/wallet.ts'
import { every } from './every.ts'
import type { Repeating } from './every.ts'
import { dayMs, isFloatLow, proofsPaidBy } from './gas-account.ts'
import type { Session } from './session.ts'

/** Earnings are read this often also when nothing told of a payment. */
const earningsMs = 10_000
const gasMs = 15_000

/** What is known of a session's money besides its book. */
export type MoneyWatch = {
  /** Null until it is read. */
  gas(): GasView | null
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
  let gas: GasView | null = null
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
    const proofsLeft = proofsPaidBy(balanceWei, fees.maxFeePerGas ?? fees.gasPrice ?? 0n)
    const before = JSON.stringify(gas)
    gas = {
      address: session.gasAddress,
      balanceWei: balanceWei.toString(),
      low: isFloatLow(proofsLeft),
      proofsLeft,
      spentLastDayWei: session.gas.spentSinceWei(Date.now() - dayMs).toString(),
      dailyLimitWei: session.dailyLimitWei()?.toString() ?? null,
    }
    if (JSON.stringify(gas) !== before) o.onChange()
  }

  const repeating: readonly Repeating[] = [
    every(earningsMs, readEarnings, 'Reading the earnings', log),
    every(gasMs, readGas, 'Reading the gas float', log),
  ]
  return {
    gas: () => gas,
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
