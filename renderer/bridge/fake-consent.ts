import { fakeHash } from './fake-earnings.ts'
import { fakeIdleScreen, fakePagesOf, fakeReview, fakeReviewScreen } from './fake-wallet.ts'
import type {
  ConsentForm,
  ConsentProgress,
  ConsentRequest,
  ConsentReview,
  DeviceChoice,
  PracticeButton,
  RequestArgument,
  RequestResult,
  Snapshot,
  WalletView,
} from './types.ts'

/** What the fake bridge answers with where main would refuse. */
export class FakeFailure extends Error {
  readonly code: string
  readonly action: string | null

  constructor(code: string, message: string, action: string | null = null) {
    super(message)
    this.code = code
    this.action = action
  }
}

type Signed = RequestResult<'consent:sign'>

/** The question that waits on the fake device. */
type Waiting = { readonly review: ConsentReview; page: number; agree(): void; fail(failure: FakeFailure): void }

/**
 * Plays main and a practice Ledger: prepares reviews, waits for presses, refuses changed texts, and moves the books when a claim
 * is agreed to.
 */
export class FakeConsent {
  readonly #snapshot: () => Snapshot
  readonly #change: (next: Partial<Snapshot>) => undefined
  readonly #nowMs: number
  #review: ConsentReview | null = null
  #waiting: Waiting | null = null
  #count = 0

  constructor(snapshot: () => Snapshot, change: (next: Partial<Snapshot>) => undefined, nowMs: number) {
    this.#snapshot = snapshot
    this.#change = change
    this.#nowMs = nowMs
  }

  choose(choice: DeviceChoice): undefined {
    const practiceScreen = choice.kind === 'practiceLedger' ? fakeIdleScreen(choice.model) : null
    return this.#setWallet({ choice, practiceScreen, hardware: choice.kind === 'usb', state: { kind: 'unknown' } })
  }

  check(): undefined {
    const { choice, practiceScreen } = this.#wallet()
    if (choice.kind !== 'practiceLedger') return this.#setWallet({ state: { kind: 'notConnected' } })
    const locked = practiceScreen?.locked === true
    return this.#setWallet({ state: locked ? { kind: 'locked' } : { kind: 'ready', appVersion: '1.22.0' } })
  }

  setPractice(settings: { readonly blindSigning: boolean; readonly locked: boolean }): undefined {
    const { practiceScreen } = this.#wallet()
    if (practiceScreen === null) return
    const lines = settings.locked ? ['Locked'] : fakeIdleScreen(practiceScreen.model).lines
    return this.#setWallet({
      practiceScreen: { ...practiceScreen, ...settings, lines, page: 1, pages: 1, buttons: [] },
    })
  }

  prepare(request: ConsentRequest, form: ConsentForm): ConsentReview {
    this.#review = fakeReview(`consent-${++this.#count}`, request, this.#nowMs, form)
    this.#setProgress('review')
    return this.#review
  }

  sign({ id, text, unsigned }: RequestArgument<'consent:sign'>): Signed | Promise<Signed> {
    const review = this.#review
    if (review?.id !== id) throw new FakeFailure('CONSENT_UNKNOWN', 'This review is over.', 'Review it again.')
    if (review.text !== text || review.transaction?.unsigned !== unsigned) {
      this.#setProgress('failed')
      throw new FakeFailure('TEXT_CHANGED', 'The text is not the one that was prepared.', 'Nothing was sent.')
    }
    switch (this.#wallet().choice.kind) {
      case 'practiceKey':
        return this.#carryOut(review)
      case 'practiceLedger':
        return this.#ask(review)
      case 'usb':
      case 'speculos':
        this.#setWallet({ state: { kind: 'notConnected' } })
        this.#setProgress('failed')
        throw new FakeFailure('DEVICE_NOT_CONNECTED', 'No device answered.', 'Plug it in, then try again.')
    }
  }

  press(button: PracticeButton): undefined {
    const waiting = this.#waiting
    if (waiting === null) return
    switch (button) {
      case 'next':
      case 'right':
        return this.#turn(waiting, waiting.page + 1)
      case 'back':
      case 'left':
        return this.#turn(waiting, waiting.page - 1)
      case 'confirm':
      case 'both':
        return this.#end(() => waiting.agree(), { kind: 'unknown' })
      case 'reject':
        return this.#end(() => waiting.fail(new FakeFailure('REFUSED', 'You refused on the device.')), {
          kind: 'refused',
        })
    }
  }

  cancel(id: string): undefined {
    const waiting = this.#waiting
    if (waiting?.review.id === id) {
      this.#end(() => waiting.fail(new FakeFailure('CANCELLED', 'It was taken back.')), { kind: 'unknown' })
    }
    return this.#setWallet({ consent: null })
  }

  finishPayout(): undefined {
    const { payout } = this.#wallet()
    const to = payout?.pending?.to ?? null
    if (payout === null || to === null) return
    return this.#setWallet({ payout: { address: to, confirmedAddress: to, pending: null, differs: false } })
  }

  #ask(review: ConsentReview): Promise<Signed> {
    if (review.transaction !== null && this.#wallet().practiceScreen?.blindSigning !== true) {
      this.#setWallet({ state: { kind: 'blindSigningNeeded' } })
      this.#setProgress('failed')
      throw new FakeFailure('BLIND_SIGNING_NEEDED', 'Blind signing is off.', 'Switch it on.')
    }
    this.#setProgress('device')
    return new Promise((resolve, reject) => {
      this.#waiting = { review, page: 0, agree: () => resolve(this.#carryOut(review)), fail: reject }
      this.#turn(this.#waiting, 0)
    })
  }

  #turn(waiting: Waiting, page: number): undefined {
    const { practiceScreen } = this.#wallet()
    if (practiceScreen === null) return
    const pages = fakePagesOf(waiting.review, practiceScreen.model)
    if (page < 0 || page >= pages.length) return
    waiting.page = page
    return this.#setWallet({
      state: { kind: 'waitingForPerson' },
      practiceScreen: fakeReviewScreen(practiceScreen, pages, page),
    })
  }

  #end(act: () => void, state: WalletView['state']): undefined {
    const { practiceScreen } = this.#wallet()
    this.#waiting = null
    const idle = practiceScreen === null ? null : fakeIdleScreen(practiceScreen.model)
    this.#setWallet({ state, practiceScreen: idle })
    act()
  }

  /** What the network would do; of the books only a claim moves, which is what screens are looked at for. */
  #carryOut(review: ConsentReview): Signed {
    const { earnings } = this.#snapshot()
    this.#setProgress('done')
    if (review.request.kind === 'claim' && earnings !== null) {
      const wei = BigInt(review.request.micro) * 10n ** 12n
      const claimedWei = String(BigInt(earnings.claimedWei) + wei)
      const claimableWei = String(BigInt(earnings.claimableWei) - wei)
      this.#change({ earnings: { ...earnings, claimedWei, claimableWei } })
    }
    return { transactionHash: fakeHash(1000 + this.#count) }
  }

  #setProgress(step: ConsentProgress['step']): void {
    const review = this.#review
    if (review === null) return
    const consent = { id: review.id, request: review.request, step, transactionHash: null, error: null }
    this.#setWallet({ consent })
  }

  #wallet(): WalletView {
    const { wallet } = this.#snapshot()
    if (wallet === null) throw new FakeFailure('NO_NETWORK', 'No network is there yet.', 'Wait until it is.')
    return wallet
  }

  #setWallet(next: Partial<WalletView>): undefined {
    return this.#change({ wallet: { ...this.#wallet(), ...next } })
  }
}
