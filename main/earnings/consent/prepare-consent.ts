import { randomBytes } from 'node:crypto'
import { pagesOf, touchScreen, twoButtonScreen } from '../../api/device-pages.ts'
import type { ConsentForm, ConsentRequest, ConsentReview } from '../../api/wallet.ts'
import type { ConfirmedPayout } from '../../store/index.ts'
import { composeConsent, termsOf, type ConsentTerms } from './compose-consent.ts'
import { readConsentGround, type ConsentGround, type ConsentSubject } from './consent-ground.ts'
import { consentWarnings } from './consent-warnings.ts'
import { prepareTransaction, type TransactionTerms } from './operator-transaction.ts'
import { simulateConsent } from './simulate-consent.ts'

/** A sentence that waits for the person: what is shown, and what main keeps of it to compare with later. */
export type PreparedConsent = {
  readonly review: ConsentReview
  readonly operator: string
  readonly terms: ConsentTerms
  readonly ground: ConsentGround
  /** What the review fixes of the operator's own transaction; null where the text is signed. */
  readonly transaction: TransactionTerms | null
}

export type PrepareConsent = {
  readonly subject: ConsentSubject
  readonly request: ConsentRequest
  /** By default the text is signed. */
  readonly form?: ConsentForm
  /** What the device confirmed on this computer; never only the server is asked (PROTOCOL 1.8). */
  readonly confirmed: ConfirmedPayout
  readonly hardware: boolean
  readonly signal: AbortSignal
}

/**
 * Composes a sentence from the chain's state at one block and tries it. Nobody is asked anything yet. Rejects with WRONG_CHAIN,
 * or with what the contract would refuse (`NOT_ENOUGH_EARNED` and others), in words; a transaction also with OPERATOR_CANNOT_PAY.
 */
export async function prepareConsent(o: PrepareConsent): Promise<PreparedConsent> {
  const { subject, request, signal } = o
  const ground = await readConsentGround(subject, request, { signal })
  const terms = termsOf(request, ground)
  const composed = composeConsent(subject, request, ground, terms)
  const gas = await simulateConsent(subject, request, composed, { signal })
  const gasWei = gas * ground.gasPriceWei
  const own = o.form === 'transaction' ? await prepareTransaction(subject, composed.callWith('0x'), gas) : null
  const { network } = subject.chain
  const warnings = consentWarnings({
    request,
    operator: subject.operator,
    nowSeconds: Date.now() / 1000,
    blockSeconds: ground.block.timestampSeconds,
    gasWei,
    nativeWeiPerToken: BigInt(network.nativeWeiPerToken),
    payout: ground.payout,
    confirmed: o.confirmed,
    hardware: o.hardware,
  })
  const review: ConsentReview = {
    id: randomBytes(16).toString('hex'),
    request,
    text: composed.text,
    touchPages: pagesOf(composed.text, touchScreen),
    twoButtonPages: pagesOf(composed.text, twoButtonScreen),
    gasWei: gasWei.toString(),
    transaction: own?.review ?? null,
    deadlineMs: (terms.deadlineSeconds ?? 0) * 1000,
    warnings,
  }
  return { review, operator: subject.operator, terms, ground, transaction: own?.terms ?? null }
}
