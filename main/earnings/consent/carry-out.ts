import type { HardwareSigner } from '../../api/hardware-signer.ts'
import type { ConsentReview } from '../../api/wallet.ts'
import type { SignedSentence, SignedSentenceStore } from '../../store/index.ts'
import { prepareConsent, type PrepareConsent } from './prepare-consent.ts'
import { type LandedConsent, mayStillLand, sendConsent, type SendConsent } from './send-consent.ts'
import { signConsent } from './sign-consent.ts'

export type SendKept = SendConsent & {
  readonly signed: SignedSentenceStore
  /** Notes what has landed. The sentence is forgotten only after it, so a crash between makes this come again, not never. */
  readonly onLanded: (sentence: SignedSentence, landed: LandedConsent) => Promise<void>
}

/** Sends a signed sentence that is kept on disk until it has landed, or never can. Rejects like `sendConsent`. */
export async function sendKept(o: SendKept): Promise<LandedConsent> {
  try {
    const landed = await sendConsent(o)
    await o.onLanded(o.sentence, landed)
    await o.signed.forget(o.sentence.id)
    return landed
  } catch (error) {
    if (!mayStillLand(error)) await o.signed.forget(o.sentence.id)
    throw error
  }
}

export type CarryOut = PrepareConsent & {
  readonly device: HardwareSigner
  readonly sender: SendConsent['sender']
  readonly signed: SignedSentenceStore
  readonly onLanded: SendKept['onLanded']
  /** Shows the review before the device is asked. */
  readonly onReview: (review: ConsentReview) => void
}

export type CarriedOut = LandedConsent & { readonly sentence: SignedSentence }

/**
 * A whole consent without a window between review and device: for the command line, where the device decides, and for the
 * practice key, which asks nobody. Rejects like its steps.
 */
export async function carryOut(o: CarryOut): Promise<CarriedOut> {
  const prepared = await prepareConsent(o)
  const { review } = prepared
  o.onReview(review)
  const { subject, device, signal } = o
  const shown = { text: review.text, unsigned: review.transaction?.unsigned }
  const sentence = await signConsent({ subject, prepared, ...shown, device, onAsk: () => {}, signal })
  await o.signed.keep(sentence)
  const { sender, signed, onLanded } = o
  const landed = await sendKept({ chain: subject.chain, sender, sentence, signed, onLanded, onSent: () => {}, signal })
  return { ...landed, sentence }
}
