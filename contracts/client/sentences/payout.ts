import type { NetworkFile } from '../network-file.ts'
import { conditions, contractLine, opening, type SentenceTerms } from './parts.ts'

/** `to` is where claims shall go; `waitSeconds` is the deployment's, as `readPayout` reads it. */
export type PayoutSentence = SentenceTerms & { readonly to: string; readonly waitSeconds: number }

/** `to` is the address that was announced. */
export type CancelPayoutSentence = SentenceTerms & { readonly to: string }

/** Text by which an operator announces another address for his claims. At most 240 bytes. */
export function composePayoutSentence(network: NetworkFile, sentence: PayoutSentence): string {
  return [
    ...opening(network, 'payout'),
    'my claims go to',
    sentence.to.toLowerCase(),
    `after ${formatWait(sentence.waitSeconds)}`,
    ...conditions(network, sentence),
    contractLine(network.contracts.Payments),
  ].join('\n')
}

/** Text by which an operator takes an announced address back. At most 240 bytes. */
export function composeCancelPayoutSentence(network: NetworkFile, sentence: CancelPayoutSentence): string {
  return [
    ...opening(network, 'cancel payout'),
    `to ${sentence.to.toLowerCase()}`,
    ...conditions(network, sentence),
    contractLine(network.contracts.Payments),
  ].join('\n')
}

const hourSeconds = 3_600

function formatWait(seconds: number): string {
  return seconds % hourSeconds === 0 ? `${seconds / hourSeconds} hours` : `${seconds} seconds`
}
