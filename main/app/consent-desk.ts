import { randomBytes } from 'node:crypto'
import { CancelledError, HearthError, serializeError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import type { OperatorDevice } from '../api/hardware-signer.ts'
import type { Platform } from '../api/platform.ts'
import type { ConsentForm, ConsentProgress, ConsentRequest, ConsentReview } from '../api/wallet.ts'
import { carryOut, prepareConsent, ReviewTamperedError, sendKept, signConsent } from '../earnings/index.ts'
import type { LandedConsent, PreparedConsent } from '../earnings/index.ts'
import type { ConfirmedPayout, SignedSentence, SignedSentenceStore } from '../store/index.ts'
import { confirmBlind } from './confirm-blind.ts'
import { every } from './every.ts'
import type { Session } from './session.ts'

/** A person may read for a while; who walks away is asked anew. */
const deviceLimitMs = 600_000
/** How often a sentence that was signed and has not landed is tried again. */
const resumeMs = 60_000

/** Of the window's consents one is under way at a time; it waits for the person, the device or the chain. */
type Current =
  | { readonly kind: 'idle' }
  | { readonly kind: 'review'; readonly progress: ConsentProgress; readonly prepared: PreparedConsent | null }
  | { readonly kind: 'busy'; readonly progress: ConsentProgress; readonly abort: AbortController }
  | { readonly kind: 'ended'; readonly progress: ConsentProgress }

/** What the window showed of a review, as it came back. */
type Shown = { readonly text: string; readonly unsigned?: string | undefined }

/** Another consent is under way, or the review is not there any more. Nothing was signed. */
export class ConsentTurnError extends HearthError {}

export type ConsentDeskParts = {
  /** Whom and what to sign for; rejects when no device has named its account. */
  readonly session: () => Promise<Session>
  readonly device: () => OperatorDevice
  readonly platform: Pick<Platform, 'askPerson'>
  readonly signed: SignedSentenceStore
  readonly confirmed: (operator: string) => Promise<ConfirmedPayout>
  /** A signed sentence has landed. */
  readonly onLanded: (sentence: SignedSentence, landed: LandedConsent) => Promise<void>
  readonly onTold: (level: 'info' | 'warning' | 'error', code: string, values: Record<string, string | number>) => void
  readonly onChange: () => void
  readonly log: Log
}

/** The one place where the operator of a running engine is asked for consent. */
export class ConsentDesk {
  readonly #parts: ConsentDeskParts
  readonly #life = new AbortController()
  readonly #sending = new Set<string>()
  /** What was last told of a sentence that does not land: a try every minute is no news every minute. */
  readonly #noted = new Map<string, string>()
  readonly #resuming: ReturnType<typeof every>
  #current: Current = { kind: 'idle' }
  #raised = false

  constructor(parts: ConsentDeskParts) {
    this.#parts = parts
    this.#resuming = every(resumeMs, (signal) => this.#resume(signal), 'Sending what was signed', parts.log)
  }

  progress(): ConsentProgress | null {
    return this.#current.kind === 'idle' ? null : this.#current.progress
  }

  /** Throws CONSENT_BUSY while one is with the device or on its way. */
  assertFree(): void {
    if (this.#life.signal.aborted) throw new CancelledError('The consent')
    if (this.#current.kind === 'busy') throw busy()
  }

  /** Composes a consent for review; one that was reviewed before and not signed is forgotten. */
  async prepare(request: ConsentRequest, form: ConsentForm): Promise<ConsentReview> {
    this.assertFree()
    const session = await this.#parts.session()
    const prepared = await this.#prepare(session, { request, form })
    this.assertFree()
    const { id } = prepared.review
    this.#enter({ kind: 'review', prepared, progress: progressOf(id, request, 'review') })
    return prepared.review
  }

  /** Raises a consent that only the person can give; it waits until they review it. Once only: who said no is not asked again. */
  raise(request: ConsentRequest): void {
    if (this.#raised || this.#current.kind === 'review' || this.#current.kind === 'busy') return
    this.#raised = true
    const id = randomBytes(16).toString('hex')
    this.#enter({ kind: 'review', prepared: null, progress: progressOf(id, request, 'review') })
  }

  /** Has the reviewed consent signed and sent; resolves when it has landed. */
  async sign({ id, ...shown }: { id: string } & Shown): Promise<{ transactionHash: string }> {
    const { prepared } = this.#reviewed(id)
    const abort = new AbortController()
    const progress = progressOf(id, prepared.review.request, 'device')
    this.#enter({ kind: 'busy', abort, progress })
    try {
      const { transactionHash } = await this.#signAndSend(prepared, shown, abort)
      this.#enter({ kind: 'ended', progress: { ...progress, step: 'done', transactionHash } })
      return { transactionHash }
    } catch (error) {
      if (error instanceof ReviewTamperedError) this.#tellTampered(prepared, shown)
      const transactionHash = this.progress()?.transactionHash ?? null
      this.#enter({
        kind: 'ended',
        progress: { ...progress, step: 'failed', transactionHash, error: serializeError(error) },
      })
      throw error
    }
  }

  /** Takes a review or a question on the device back. What was signed is on its way and cannot be. */
  cancel({ id }: { id: string }): void {
    const current = this.#current
    if (current.kind === 'idle' || current.progress.id !== id) return
    if (current.kind !== 'busy') return this.#enter({ kind: 'idle' })
    if (current.progress.step === 'device') current.abort.abort()
  }

  /** Another device is in use: what was composed for the one before is not to be signed by it. */
  forgetReview(): void {
    if (this.#current.kind !== 'busy') this.#enter({ kind: 'idle' })
    this.#raised = false
  }

  /** A consent that a device gives without asking anybody, as the practice key does. */
  async giveSilently(session: Session, request: ConsentRequest, signal: AbortSignal): Promise<void> {
    const confirmed = await this.#parts.confirmed(session.operator)
    const { signed } = this.#parts
    const device = this.#parts.device()
    const { hardware } = device
    const given = { subject: session, request, confirmed, hardware, signal, signed, onReview: () => {} }
    await carryOut({ ...given, device, sender: session.sender, onLanded: this.#parts.onLanded })
  }

  /** Tries now what was signed and has not landed. */
  resume(): void {
    this.#resuming.poke()
  }

  stop(): void {
    this.#life.abort()
    this.#resuming.stop()
  }

  async #prepare(
    session: Session,
    wanted: { readonly request: ConsentRequest; readonly form: ConsentForm },
  ): Promise<PreparedConsent> {
    const confirmed = await this.#parts.confirmed(session.operator)
    const { hardware } = this.#parts.device()
    return prepareConsent({ subject: session, ...wanted, confirmed, hardware, signal: this.#life.signal })
  }

  async #signAndSend(prepared: PreparedConsent, shown: Shown, abort: AbortController): Promise<LandedConsent> {
    const session = await this.#parts.session()
    const ends = [this.#life.signal, abort.signal, AbortSignal.timeout(deviceLimitMs)]
    const signal = AbortSignal.any(ends)
    await confirmBlind(this.#parts.platform, prepared.review, signal)
    const asked = { ...shown, device: this.#parts.device(), onAsk: () => {} }
    const sentence = await signConsent({ subject: session, prepared, ...asked, signal })
    // From here on it counts: what a person confirmed on the device is not lost by a crash.
    if (abort.signal.aborted) throw new CancelledError('The signature')
    this.#step('sending', null)
    await this.#parts.signed.keep(sentence)
    return this.#send(session, sentence, (hash) => this.#step('confirming', hash))
  }

  async #send(session: Session, sentence: SignedSentence, onSent: (hash: string) => void): Promise<LandedConsent> {
    const { chain, sender } = session
    const { signed, onLanded } = this.#parts
    this.#sending.add(sentence.id)
    try {
      return await sendKept({ chain, sender, sentence, signed, onLanded, onSent, signal: this.#life.signal })
    } finally {
      this.#sending.delete(sentence.id)
    }
  }

  /** Sends what was signed before a crash, or was not confirmed in time; past its deadline it is forgotten with a note. */
  async #resume(signal: AbortSignal): Promise<void> {
    const waiting = (await this.#parts.signed.list()).filter(({ id }) => !this.#sending.has(id))
    if (waiting.length === 0) return
    const session = await this.#parts.session()
    for (const sentence of waiting) {
      if (signal.aborted) return
      await this.#send(session, sentence, () => {}).catch((error: unknown) => {
        if (signal.aborted) return
        const { message } = serializeError(error)
        this.#parts.log.warn('A signed sentence has not landed.', { text: sentence.text, error })
        if (this.#noted.get(sentence.id) === message) return
        this.#noted.set(sentence.id, message)
        this.#parts.onTold('warning', 'signedNotLanded', { kind: sentence.request.kind, message })
      })
    }
  }

  #reviewed(id: string): { readonly prepared: PreparedConsent } {
    const current = this.#current
    if (current.kind === 'busy') throw busy()
    if (current.kind === 'review' && current.prepared !== null && current.progress.id === id)
      return { prepared: current.prepared }
    throw new ConsentTurnError('REVIEW_GONE', 'This review is not open any more. Nothing was signed.', {
      action: 'Review it again.',
    })
  }

  #tellTampered({ review }: PreparedConsent, shown: Shown): void {
    this.#parts.log.error('The window sent another text than the one that was composed. Nothing was signed.', {
      composed: review.text,
      unsigned: review.transaction?.unsigned ?? null,
      shown,
    })
    this.#parts.onTold('error', 'reviewTampered', { kind: review.request.kind })
  }

  #step(step: ConsentProgress['step'], transactionHash: string | null): void {
    const current = this.#current
    if (current.kind !== 'busy') return
    this.#enter({ ...current, progress: { ...current.progress, step, transactionHash } })
  }

  #enter(next: Current): void {
    this.#current = next
    this.#parts.onChange()
  }
}

function progressOf(id: string, request: ConsentRequest, step: ConsentProgress['step']): ConsentProgress {
  return { id, request, step, transactionHash: null, error: null }
}

function busy(): ConsentTurnError {
  return new ConsentTurnError('CONSENT_BUSY', 'Another consent is under way.', {
    action: 'Answer it on the device, or cancel it, then try again.',
  })
}
