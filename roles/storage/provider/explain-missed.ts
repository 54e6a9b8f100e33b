import { readMissedPeriod, type Chain } from '../../../contracts/client/index.ts'
import type { MissCause } from '../../api/messages.ts'
import type { RoleContext } from '../../api/worker.ts'
import { RefusedError } from './errors.ts'
import type { PeriodLog } from './period-log.ts'
import { ProofError } from './prove-stored-leaf.ts'
import type { SleepMeter } from './sleep-meter.ts'
import type { Timing } from './timing.ts'

/** Periods of one set that ended without a proof (both ends included). */
export type Miss = {
  readonly customer: string
  readonly first: number
  readonly last: number
  readonly cause: MissCause
  /** What the prover last knew, for the log. */
  readonly message: string
}

export type MissParts = {
  readonly chain: Chain
  readonly timing: Timing
  readonly periods: PeriodLog
  readonly sleep: SleepMeter
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log'>
}

/** Tells periods without a proof once, with their cause, and as void when the chain decides that they count for nobody. */
export type MissExplainer = {
  ended(miss: Miss): void
  /** A period needs no telling any more. */
  told(customer: string, period: number): void
  toldUntil(customer: string): number
  /** The cause of periods in which nothing was tried. `began`: this process was at work before them. */
  idleCause(began: boolean): MissCause
  /** Tells what the chain has decided by now. Throws errors of the chain; what was not told waits for the next call. */
  settle(nowSeconds: number): Promise<void>
}

/** Of a long absence only the newest periods are asked about; a month is what a slash looks back on. */
const mostExplained = 30
/** Sleep through a quarter of a period is cause enough. */
const sleptShare = 0.25

/** The explainer of one provider. */
export function createMissExplainer(parts: MissParts): MissExplainer {
  const { timing, periods, sleep } = parts
  const until = new Map<string, number>()
  let pending: Miss[] = []
  const toldUntil = (customer: string): number =>
    Math.max(until.get(customer.toLowerCase()) ?? 0, periods.toldUntil(customer))
  const told = (customer: string, period: number): void => void until.set(customer.toLowerCase(), period)
  return {
    told,
    toldUntil,
    ended(miss) {
      told(miss.customer, Math.max(miss.last, toldUntil(miss.customer)))
      pending.push({ ...miss, first: Math.max(miss.first, miss.last - mostExplained + 1) })
    },
    idleCause(began) {
      const slept = sleep.takeSleptMs() >= sleptShare * timing.provingPeriodSeconds * 1000
      if (slept) return 'asleep'
      return began ? 'chainAway' : 'notRunning'
    },
    async settle(nowSeconds) {
      for (const miss of pending) {
        const rest = await tellDecided(parts, miss, nowSeconds)
        pending = pending.flatMap((one) => (one !== miss ? [one] : rest === null ? [] : [rest]))
      }
    },
  }
}

/** Tells the decided part of a miss in runs of the same outcome; returns what is still undecided. */
async function tellDecided(parts: MissParts, miss: Miss, nowSeconds: number): Promise<Miss | null> {
  const { chain, timing } = parts
  const decided: { readonly period: number; readonly isVoid: boolean }[] = []
  for (let period = miss.first; period <= miss.last; period++) {
    const outcome = await readMissedPeriod(chain, period, nowSeconds, timing)
    if (outcome === 'undecided') break
    decided.push({ period, isVoid: outcome === 'void' })
  }
  for (let from = 0; from < decided.length;) {
    const { isVoid } = decided[from]!
    const end = decided.findIndex((one, index) => index > from && one.isVoid !== isVoid)
    const run = decided.slice(from, end === -1 ? undefined : end)
    tell(parts, miss, run[0]!.period, run.at(-1)!.period, isVoid)
    from += run.length
  }
  const first = miss.first + decided.length
  return first > miss.last ? null : { ...miss, first }
}

function tell(parts: MissParts, miss: Miss, firstPeriod: number, lastPeriod: number, isVoid: boolean): void {
  const { customer, cause } = miss
  const numbers = Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, index) => firstPeriod + index)
  parts.periods.noteMissed(customer, numbers, isVoid ? 'void' : 'missed', cause)
  const which = { customer, firstPeriod, lastPeriod }
  parts.context.log.info('Periods ended without a proof.', { ...which, isVoid, cause, message: miss.message })
  if (isVoid) parts.context.emit({ kind: 'periodVoid', ...which })
  else parts.context.emit({ kind: 'periodMissed', ...which, cause, message: miss.message.slice(0, 300) })
  parts.context.changed()
}

/** What kind of failure kept a proof from coming through. */
export function causeOf(error: unknown): MissCause {
  if (error instanceof ProofError) return 'pieceLost'
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof RefusedError)
    return error.refusal === 'unknownPiece' || /damaged/.test(message) ? 'pieceLost' : 'diskAway'
  if (/insufficient funds|too little gas/i.test(message)) return 'gasLow'
  return /no answer|not reach|could not be reached|ECONNREFUSED|timed? ?out/i.test(message)
    ? 'chainAway'
    : 'proofRefused'
}
