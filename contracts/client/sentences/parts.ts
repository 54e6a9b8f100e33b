import type { NetworkFile } from '../network-file.ts'
import { formatMicro } from './amounts.ts'

/** First word of every sentence of a deployment made by this project. */
export const sentenceLabel = 'Hearth'

/** What every sentence with a number carries. */
export type SentenceTerms = {
  readonly number: number
  /** Latest block's time + 24 h, rounded to whole minutes; see `sentenceDeadline`. */
  readonly deadlineSeconds: number
}

/** Lines before everything else: the warning of a practice network, then label and verb. */
export function opening(network: NetworkFile, verb: string): string[] {
  const first = `${sentenceLabel}: ${verb}`
  return network.practice ? ['PRACTICE, no value', first] : [first]
}

/** `digits.dddddd SYMBOL`. */
export function tokens(network: NetworkFile, micro: bigint): string {
  return `${formatMicro(micro)} ${network.symbol}`
}

/** Chain, number and deadline. */
export function conditions(network: NetworkFile, terms: SentenceTerms): string[] {
  return [`Chain ${network.chainId}, number ${terms.number}`, `Until ${formatMinute(terms.deadlineSeconds)}`]
}

/** The contract that will rebuild the sentence, in lower case. */
export function contractLine(address: string): string {
  return `Contract ${address.toLowerCase()}`
}

/** `YYYY-MM-DD HH:MM UTC`. Throws a RangeError for anything but a whole minute. */
export function formatMinute(seconds: number): string {
  if (!Number.isInteger(seconds / 60) || seconds < 0) throw new RangeError(`Deadline ${seconds} is not a whole minute.`)
  const text = new Date(seconds * 1000).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}

const daySeconds = 86_400

/** Deadline of a new sentence: 24 h after the latest block, in whole minutes (PROTOCOL 1.6). */
export function sentenceDeadline(latestBlockSeconds: number): number {
  return Math.floor((latestBlockSeconds + daySeconds) / 60) * 60
}
