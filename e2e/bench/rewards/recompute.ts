import { createHash } from 'node:crypto'
import { addUpEpoch, type RecomputedEpoch, shareOut } from '../../../contracts/rewards/index.ts'
import { makePayments, type PaymentStream } from './payments.ts'

/** What a recomputation took. Times are of the work alone, without the making of payments. */
export type Recomputation = {
  readonly recomputed: RecomputedEpoch
  readonly wallSeconds: number
  /** Processor time of all threads of this process. */
  readonly cpuSeconds: number
  readonly makingSeconds: number
  readonly stages: { readonly addUp: number; readonly shareOut: number }
  /** Most memory that the process has had so far. */
  readonly peakBytes: number
}

/** Wall and processor time that passed in stages, in milliseconds. */
class Watch {
  wallMs = 0
  cpuMs = 0
  #wallAt = 0
  #cpuAt: NodeJS.CpuUsage = { user: 0, system: 0 }

  start(): void {
    this.#wallAt = performance.now()
    this.#cpuAt = process.cpuUsage()
  }

  stop(): void {
    const cpu = process.cpuUsage(this.#cpuAt)
    this.wallMs += performance.now() - this.#wallAt
    this.cpuMs += (cpu.user + cpu.system) / 1000
  }
}

/**
 * Recomputes an epoch of a made-up network with the code that `hearth epoch verify` runs (what `recomputeEpoch` composes, taken
 * apart only to time its stages). Payments stream through: they are never in memory at once.
 */
export function timeRecomputation(stream: PaymentStream): Recomputation {
  const [whole, making, sharing] = [new Watch(), new Watch(), new Watch()]
  whole.start()
  const accounts = addUpEpoch(timed(makePayments(stream), making), stream.epoch)
  sharing.start()
  const recomputed = shareOut(accounts, stream.epoch)
  sharing.stop()
  whole.stop()
  const seconds = (ms: number): number => ms / 1000
  return {
    recomputed,
    wallSeconds: seconds(whole.wallMs - making.wallMs),
    cpuSeconds: seconds(whole.cpuMs - making.cpuMs),
    makingSeconds: seconds(making.wallMs),
    stages: {
      addUp: seconds(whole.wallMs - making.wallMs - sharing.wallMs),
      shareOut: seconds(sharing.wallMs),
    },
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** SHA-256 over all shares in their order: two runs of one seed must agree. */
export function digestOf(recomputed: RecomputedEpoch): string {
  const hash = createHash('sha256')
  for (const { operator, role, shareWei } of recomputed.shares()) hash.update(`${operator} ${role} ${shareWei}\n`)
  return hash.digest('hex')
}

/** Lets a watch run while the next of `items` is made. */
function* timed<T>(items: Generator<T>, watch: Watch): Generator<T> {
  for (;;) {
    watch.start()
    const { done, value } = items.next()
    watch.stop()
    if (done === true) return
    yield value
  }
}
