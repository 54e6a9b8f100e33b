import { hexlify, Transaction, verifyMessage } from 'ethers'
import { readLatestBlock } from '../../../contracts/client/index.ts'
import { CancelledError } from '../../../roles/api/errors.ts'
import { sameAddress } from '../../../roles/api/values.ts'
import { operatorPath, type HardwareSigner } from '../../api/hardware-signer.ts'
import type { SignedSentence } from '../../store/index.ts'
import { composeConsent, type ComposedConsent } from './compose-consent.ts'
import { readConsentGround, type ConsentGround, type ConsentSubject } from './consent-ground.ts'
import { ConsentRefusedError, ReviewTamperedError } from './errors.ts'
import { deadlinePassed, numberUsed, refuse } from './explain-refusal.ts'
import { rebuildTransaction } from './operator-transaction.ts'
import type { PreparedConsent } from './prepare-consent.ts'
import { simulateConsent } from './simulate-consent.ts'

export type SignConsent = {
  readonly subject: ConsentSubject
  readonly prepared: PreparedConsent
  /** What the window showed, as it came back. */
  readonly text: string
  /** The unsigned transaction that went with it; left out for a sentence. */
  readonly unsigned?: string | undefined
  readonly device: HardwareSigner
  /** The question is about to appear on the device. */
  readonly onAsk: () => void
  readonly signal: AbortSignal
}

/**
 * Has a reviewed sentence signed, or the transaction in its place. Composes it anew from the chain first and compares that with
 * what the window sent back, byte for byte; a device is asked only when nothing has changed and the contract would take it.
 *
 * Rejects with ReviewTamperedError, with ConsentRefusedError (REVIEW_OUTDATED, NUMBER_USED, DEADLINE_PASSED, WRONG_CHAIN, or the
 * contract's refusal), or with what the device says. Nothing is signed or used up then.
 */
export async function signConsent(o: SignConsent): Promise<SignedSentence> {
  const { subject, prepared, signal } = o
  const { request } = prepared.review
  assertUntouched(o)
  const ground = await readConsentGround(subject, request, { signal })
  const composed = composeConsent(subject, request, ground, prepared.terms)
  assertCurrent(prepared, ground, composed)
  await simulateConsent(subject, request, composed, { signal })
  if (signal.aborted) throw new CancelledError('The signature')
  const answer = await askDevice(o, composed)
  // A person may have looked at the device for a day.
  const { timestampSeconds } = await readLatestBlock(subject.chain, { signal })
  assertInTime(prepared.terms.deadlineSeconds, timestampSeconds)
  const { to, data } = composed.callWith(answer.signature)
  return {
    formatVersion: 1,
    id: prepared.review.id,
    request,
    operator: subject.operator,
    text: composed.text,
    ...prepared.terms,
    recipient: composed.recipient,
    composedAtBlock: prepared.ground.block.number,
    call: { to, data },
    raw: answer.raw,
  }
}

/** What came back must be what main composed, also whether it is a text or a transaction. */
function assertUntouched({ text, unsigned, prepared: { review } }: SignConsent): void {
  if (text !== review.text || unsigned !== review.transaction?.unsigned) throw new ReviewTamperedError()
}

/** What the chain leads to now must be what was reviewed. */
function assertCurrent(prepared: PreparedConsent, ground: ConsentGround, composed: ComposedConsent): void {
  const { terms, review } = prepared
  assertInTime(terms.deadlineSeconds, ground.block.timestampSeconds)
  if (terms.number !== ground.nextNumber) throw refuse(numberUsed(terms.number ?? 0))
  if (composed.text !== review.text) throw outdatedReview()
}

function outdatedReview(): ConsentRefusedError {
  return new ConsentRefusedError('REVIEW_OUTDATED', 'What is to be signed has changed since you reviewed it.', {
    action: 'Review it again.',
  })
}

function assertInTime(deadlineSeconds: number | null, nowSeconds: number): void {
  if (deadlineSeconds !== null && nowSeconds > deadlineSeconds) throw refuse(deadlinePassed(deadlineSeconds))
}

/** What the device gave: a signature of the text, or the operator's own transaction, whose call has an empty one. */
type DeviceAnswer = { readonly signature: string; readonly raw: string | null }

/** The answer of the device, checked to be the operator's: one that was swapped meanwhile helps nobody. */
async function askDevice(o: SignConsent, composed: ComposedConsent): Promise<DeviceAnswer> {
  const { device, subject, signal, prepared } = o
  const { operator } = subject
  const options = { signal, expectedAccount: operator }
  const account = await device.getAddress(operatorPath, options)
  if (!sameAddress(account, operator)) throw otherAccount(operator, account)
  if (prepared.transaction !== null) return { signature: '0x', raw: await askTransaction(o, composed) }
  o.onAsk()
  const asked = device.signPersonalMessage(operatorPath, new TextEncoder().encode(composed.text), options)
  const signature = hexlify(await unlessCancelled(asked, signal))
  const signer = verifyMessage(composed.text, signature)
  if (!sameAddress(signer, operator)) throw otherAccount(operator, signer)
  return { signature, raw: null }
}

/** The transaction is made anew and must be the reviewed one to the byte, before the device is asked and as it comes back. */
async function askTransaction(o: SignConsent, composed: ComposedConsent): Promise<string> {
  const { device, subject, signal, prepared } = o
  const { transaction: terms, review } = prepared
  if (terms === null) throw new ReviewTamperedError()
  const transaction = await rebuildTransaction(subject, composed.callWith('0x'), terms)
  const { unsignedSerialized } = transaction
  if (unsignedSerialized !== review.transaction?.unsigned) throw outdatedReview()
  o.onAsk()
  const options = { signal, expectedAccount: subject.operator }
  const raw = await unlessCancelled(device.signTransaction(operatorPath, unsignedSerialized, options), signal)
  const signed = Transaction.from(raw)
  if (signed.unsignedSerialized !== unsignedSerialized) throw new ReviewTamperedError()
  if (signed.from === null || !sameAddress(signed.from, subject.operator)) {
    throw otherAccount(subject.operator, signed.from ?? '?')
  }
  return raw
}

function otherAccount(expected: string, found: string): ConsentRefusedError {
  return new ConsentRefusedError('OTHER_ACCOUNT', `The device has the account ${found}, not ${expected}.`, {
    action: 'Connect the device that this computer works for, or choose this one anew.',
    details: { expected, found },
  })
}

/** An answer that comes after the person cancelled here is thrown away: it was never kept, so it can never be sent. */
async function unlessCancelled<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  let cancel = () => {}
  const cancelled = new Promise<never>((_resolve, reject) => {
    cancel = () => reject(new CancelledError('The signature'))
    signal.addEventListener('abort', cancel, { once: true })
  })
  return Promise.race([asked, cancelled]).finally(() => signal.removeEventListener('abort', cancel))
}
