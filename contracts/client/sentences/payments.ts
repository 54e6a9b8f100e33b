import type { NetworkFile } from '../network-file.ts'
import { conditions, contractLine, opening, type SentenceTerms, tokens } from './parts.ts'

export type PaymentSentence = SentenceTerms & { readonly micro: bigint; readonly to: string }

/** Text by which an operator takes out exactly `micro` millionths of a token; `to` is his present payout. At most 240 bytes. */
export function composeClaimSentence(network: NetworkFile, sentence: PaymentSentence): string {
  return composePayment(network, 'claim', network.contracts.Payments, sentence)
}

/** Text by which an owner moves exactly `micro` millionths of a token. At most 240 bytes. */
export function composeTransferSentence(network: NetworkFile, sentence: PaymentSentence): string {
  return composePayment(network, 'transfer', network.contracts.HearthToken, sentence)
}

function composePayment(network: NetworkFile, verb: string, contract: string, sentence: PaymentSentence): string {
  return [
    ...opening(network, verb),
    tokens(network, sentence.micro),
    `to ${sentence.to.toLowerCase()}`,
    ...conditions(network, sentence),
    contractLine(contract),
  ].join('\n')
}
