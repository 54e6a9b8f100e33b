import { z } from 'zod'

/** What was measured of a disk. Rates in bytes per second, latencies in milliseconds; null before the first sample. */
export const measuredSpeedSchema = z.object({
  writeBytesPerSecond: z.number().nullable(),
  latencyMs: z.number().nullable(),
  /** The best that the disk keeps up, slowly forgotten: what "slow" is measured against. */
  usualWriteBytesPerSecond: z.number().nullable(),
  usualLatencyMs: z.number().nullable(),
  writes: z.number().int(),
  answers: z.number().int(),
})

export type MeasuredSpeed = Readonly<z.infer<typeof measuredSpeedSchema>>

export const unmeasured: MeasuredSpeed = {
  writeBytesPerSecond: null,
  latencyMs: null,
  usualWriteBytesPerSecond: null,
  usualLatencyMs: null,
  writes: 0,
  answers: 0,
}

/** Share of a new sample in the running mean: the last five or so count. */
const newestShare = 0.3
/** How fast the usual speed is forgotten with each sample. */
const forgetting = 0.002
/** Fewer samples say nothing. */
const leastSamples = 3

/** A disk this far below its usual writing, and below what a piece in a minute needs, is slow. */
const writeDrop = 8
const slowWriteBytesPerSecond = 1024 * 1024
/** A disk this far above its usual latency, and above what anybody would call quick, is slow. */
const latencyRise = 20
const slowLatencyMs = 1_000
/** A slow disk must be this much better than the bound before it counts as well again. */
const recovery = 2

/** Notes that so many bytes were written and synced in a time. */
export function noteWrite(speed: MeasuredSpeed, bytes: number, ms: number): MeasuredSpeed {
  const rate = (bytes * 1000) / Math.max(ms, 0.01)
  const writeBytesPerSecond = mean(speed.writeBytesPerSecond, rate)
  const usual = speed.usualWriteBytesPerSecond
  const usualWriteBytesPerSecond =
    usual === null ? writeBytesPerSecond : Math.max(usual * (1 - forgetting), writeBytesPerSecond)
  return { ...speed, writeBytesPerSecond, usualWriteBytesPerSecond, writes: speed.writes + 1 }
}

/** Notes how long the disk took to answer: one block read, or a few bytes written and synced. */
export function noteAnswer(speed: MeasuredSpeed, ms: number): MeasuredSpeed {
  const latencyMs = mean(speed.latencyMs, ms)
  const usual = speed.usualLatencyMs
  const usualLatencyMs = usual === null ? latencyMs : Math.min(usual * (1 + forgetting), latencyMs)
  return { ...speed, latencyMs, usualLatencyMs, answers: speed.answers + 1 }
}

/**
 * Whether a disk is too slow to take more: far below its own usual speed, or too slow for the proofs that are due.
 * `neededLatencyMs` is the longest that a block may take so that all challenges are answered in time.
 */
export function isSlow(speed: MeasuredSpeed, neededLatencyMs: number, wasSlow: boolean): boolean {
  const margin = wasSlow ? recovery : 1
  const { writeBytesPerSecond: write, latencyMs, usualWriteBytesPerSecond, usualLatencyMs } = speed
  const writesBadly =
    speed.writes >= leastSamples &&
    write !== null &&
    write < slowWriteBytesPerSecond * margin &&
    write * writeDrop < (usualWriteBytesPerSecond ?? 0) * margin
  if (writesBadly) return true
  if (speed.answers < leastSamples || latencyMs === null) return false
  const unusual = latencyMs * margin > slowLatencyMs && latencyMs * margin > (usualLatencyMs ?? 0) * latencyRise
  return unusual || latencyMs * margin > neededLatencyMs
}

/** Share of a proving period that reading for its proofs may take. */
const provingShare = 0.1
/** However few proofs are due, a block that takes longer than this is no service. */
const longestLatencyMs = 2_000
/** However many are due, this is quick enough: a computer that is busy for a moment has no slow disk. */
const shortestLatencyMs = 1_000

/** The longest that one block may take when `challenges` blocks are due in a period. */
export function neededLatencyMs(provingPeriodMs: number, challenges: number): number {
  const share = (provingPeriodMs * provingShare) / Math.max(1, challenges)
  return Math.min(longestLatencyMs, Math.max(shortestLatencyMs, share))
}

function mean(before: number | null, sample: number): number {
  return before === null ? sample : before * (1 - newestShare) + sample * newestShare
}
