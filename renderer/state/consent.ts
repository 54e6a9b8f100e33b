import { create } from 'zustand'
import { request } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { ConsentForm, ConsentProgress, ConsentRequest, ConsentReview } from '../bridge/types.ts'

/** Reading and answering on a device may take minutes; then the network takes its own time. Main bounds both. */
const signingLimitMs = 900_000

/** The one review that the window has open. The text in it is what the person reads and what goes back to main. */
export type OpenConsent =
  | { readonly kind: 'closed' }
  | { readonly kind: 'preparing'; readonly request: ConsentRequest; readonly form: ConsentForm }
  | {
      readonly kind: 'unprepared'
      readonly request: ConsentRequest
      readonly form: ConsentForm
      readonly failure: Failure
    }
  | { readonly kind: 'review'; readonly review: ConsentReview }
  | { readonly kind: 'signing'; readonly review: ConsentReview }
  | { readonly kind: 'done'; readonly review: ConsentReview; readonly transactionHash: string }
  | { readonly kind: 'failed'; readonly review: ConsentReview; readonly failure: Failure }

/** Where a consent stands for the person. */
export type ConsentStep = 'review' | 'device' | 'sending' | 'confirming' | 'done' | 'failed'

export const useConsentStore = create<{ readonly open: OpenConsent }>(() => ({ open: { kind: 'closed' } }))

const questions = { count: 0 }

function put(open: OpenConsent): void {
  useConsentStore.setState({ open })
}

/**
 * Opens the review of something that needs the operator's consent; main composes its text from the chain. As a `transaction` it is
 * the operator's own, which needs blind signing.
 */
export async function askConsent(wanted: ConsentRequest, form: ConsentForm = 'sentence'): Promise<void> {
  const question = ++questions.count
  put({ kind: 'preparing', request: wanted, form })
  const channel = form === 'sentence' ? 'consent:prepare' : 'consent:prepareTransaction'
  const result = await request(channel, wanted)
  if (question !== questions.count) return
  put(
    result.ok
      ? { kind: 'review', review: result.value }
      : { kind: 'unprepared', request: wanted, form, failure: result.error },
  )
}

/** Sends the reviewed text to the device, word for word as it was shown. */
export async function signConsent(): Promise<void> {
  const { open } = useConsentStore.getState()
  if (open.kind !== 'review') return
  const { review } = open
  const question = ++questions.count
  put({ kind: 'signing', review })
  const { id, text, transaction } = review
  const shown = { id, text, ...(transaction === null ? {} : { unsigned: transaction.unsigned }) }
  const answer = await request('consent:sign', shown, { timeoutMs: signingLimitMs })
  if (question !== questions.count) return
  put(
    answer.ok
      ? { kind: 'done', review, transactionHash: answer.value.transactionHash }
      : { kind: 'failed', review, failure: answer.error },
  )
}

/** Prepares the same once more: number, deadline and amounts may have changed meanwhile. */
export async function retryConsent(): Promise<void> {
  const { open } = useConsentStore.getState()
  const wanted = requestOf(open)
  if (wanted !== null) await askConsent(wanted, formOf(open))
}

/** Closes the review; a question that is still open in main is taken back, and what was sent already goes on. */
export async function closeConsent(step: ConsentStep): Promise<void> {
  const { open } = useConsentStore.getState()
  questions.count++
  put({ kind: 'closed' })
  if ((open.kind === 'review' || open.kind === 'signing') && canStillCancel(step)) await takeBackConsent(open.review.id)
}

/** Takes back a question that waits for an answer on the device. One that is over already is no failure. */
export async function takeBackConsent(id: string): Promise<void> {
  await request('consent:cancel', { id })
}

/** What an open review asks for; null when none is open. */
export function requestOf(open: OpenConsent): ConsentRequest | null {
  switch (open.kind) {
    case 'closed':
      return null
    case 'preparing':
    case 'unprepared':
      return open.request
    case 'review':
    case 'signing':
    case 'done':
    case 'failed':
      return open.review.request
  }
}

/** In which form an open review asks for it. */
export function formOf(open: OpenConsent): ConsentForm {
  switch (open.kind) {
    case 'closed':
      return 'sentence'
    case 'preparing':
    case 'unprepared':
      return open.form
    case 'review':
    case 'signing':
    case 'done':
    case 'failed':
      return open.review.transaction === null ? 'sentence' : 'transaction'
  }
}

/**
 * The step to show: while main signs, its own word counts when it is about this very review; before and after, the window knows.
 */
export function stepOf(open: OpenConsent, progress: ConsentProgress | null): ConsentStep {
  switch (open.kind) {
    case 'done':
      return 'done'
    case 'failed':
      return 'failed'
    case 'signing':
      return signingStep(progress?.id === open.review.id ? progress.step : 'device')
    case 'closed':
    case 'preparing':
    case 'unprepared':
    case 'review':
      return 'review'
  }
}

/** `done` and `failed` come with the answer, which says more; until it is here the last step before it stands. */
function signingStep(step: ConsentProgress['step']): ConsentStep {
  switch (step) {
    case 'review':
    case 'device':
    case 'failed':
      return 'device'
    case 'sending':
      return 'sending'
    case 'confirming':
    case 'done':
      return 'confirming'
  }
}

/** A step after which a cancel comes too late: what was sent cannot be taken back. */
export function canStillCancel(step: ConsentStep): boolean {
  return step === 'review' || step === 'device'
}

/** True when a consent is under way in main that this window has no dialog for, as after the window was closed and opened. */
export function isLeftOver(open: OpenConsent, progress: ConsentProgress | null): boolean {
  if (progress === null || open.kind === 'signing') return false
  return progress.step === 'device' || progress.step === 'sending' || progress.step === 'confirming'
}
