import {
  type ChainCall,
  composeCancelPayoutSentence,
  composeClaimSentence,
  composePayoutSentence,
  composeRevokeSentence,
  composeStakeSentence,
  composeTransferSentence,
  composeUnstakeSentence,
  encodeCancelPayout,
  encodeChangePayout,
  encodeClaim,
  encodeRevoke,
  encodeStake,
  encodeTransferBySentence,
  encodeUnstake,
  sentenceDeadline,
} from '../../../contracts/client/index.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import { composeAuthorization } from './compose-authorization.ts'
import type { ConsentGround, ConsentSubject } from './consent-ground.ts'
import { noPayoutChange, refuse } from './explain-refusal.ts'

/** What a review fixes: later looks at the chain must lead to the same text with these. */
export type ConsentTerms = {
  /** Null for a revocation, which has neither (PROTOCOL 1.4). */
  readonly number: number | null
  readonly deadlineSeconds: number | null
}

/** A sentence and the call that carries it once it is signed. */
export type ComposedConsent = {
  readonly text: string
  /** Whom tokens go to, or will go to, as the text says; null where it names nobody. */
  readonly recipient: string | null
  /** `0x` stands for the operator as sender, as for a simulation. */
  readonly callWith: (signature: string) => ChainCall
}

/** Terms of a new sentence: the next number, and a day from the latest block (PROTOCOL 1.4, 1.6). */
export function termsOf(request: ConsentRequest, ground: ConsentGround): ConsentTerms {
  if (request.kind === 'revoke') return { number: null, deadlineSeconds: null }
  return { number: ground.nextNumber, deadlineSeconds: sentenceDeadline(ground.block.timestampSeconds) }
}

/**
 * The one place where a request becomes a sentence. The request names what a person may choose; whom a claim is paid to comes
 * from the chain, and the keys from this machine. Pure but for the keys' signatures, which are deterministic (RFC 6979).
 */
export function composeConsent(
  subject: ConsentSubject,
  request: ConsentRequest,
  ground: Pick<ConsentGround, 'payout'>,
  terms: ConsentTerms,
): ComposedConsent {
  const { operator, roleKeys } = subject
  const { network } = subject.chain
  if (request.kind === 'revoke') {
    const node = roleKeys[request.role].address
    const callWith = (signature: string) => encodeRevoke(network, { operator, node, signature })
    return { text: composeRevokeSentence(network, { node }), recipient: null, callWith }
  }
  const numbered = { number: terms.number ?? 0, deadlineSeconds: terms.deadlineSeconds ?? 0 }
  switch (request.kind) {
    case 'authorize':
      return composeAuthorization(subject, numbered)
    case 'claim': {
      const sentence = { ...numbered, micro: BigInt(request.micro) }
      return {
        text: composeClaimSentence(network, { ...sentence, to: ground.payout.to }),
        recipient: ground.payout.to,
        callWith: (signature) => encodeClaim(network, { ...sentence, operator, signature }),
      }
    }
    case 'transfer': {
      const sentence = { ...numbered, micro: BigInt(request.micro), to: request.to }
      return {
        text: composeTransferSentence(network, sentence),
        recipient: request.to,
        callWith: (signature) => encodeTransferBySentence(network, { ...sentence, owner: operator, signature }),
      }
    }
    case 'stake':
    case 'unstake': {
      const sentence = { ...numbered, micro: BigInt(request.micro), operator }
      const [compose, encode] =
        request.kind === 'stake' ? [composeStakeSentence, encodeStake] : [composeUnstakeSentence, encodeUnstake]
      const callWith = (signature: string) => encode(network, { ...sentence, signature })
      return { text: compose(network, sentence), recipient: null, callWith }
    }
    case 'payout': {
      const sentence = { ...numbered, to: request.to, waitSeconds: ground.payout.waitSeconds }
      return {
        text: composePayoutSentence(network, sentence),
        recipient: request.to,
        callWith: (signature) => encodeChangePayout(network, { ...sentence, operator, signature }),
      }
    }
    case 'cancelPayout': {
      const { change } = ground.payout
      if (change === null) throw refuse(noPayoutChange)
      const callWith = (signature: string) => encodeCancelPayout(network, { ...numbered, operator, signature })
      const text = composeCancelPayoutSentence(network, { ...numbered, to: change.address })
      return { text, recipient: null, callWith }
    }
  }
}
