import { computeAddress } from 'ethers'
import type { Undo } from '../../../roles/api/values.ts'
import type { PracticeButton, PracticeScreen } from '../../api/wallet.ts'
import { answer, parseApdu, status } from './apdu.ts'
import type { Apdu } from './apdu.ts'
import { answerRequest, appAnswer, configurationAnswer } from './answers.ts'
import { asksPerson, interpret } from './interpret.ts'
import type { DeviceRequest, Partial, Path } from './interpret.ts'
import type { PracticeKeys } from './keys.ts'
import { createReviewDesk } from './review-desk.ts'
import { needsBlindSigning, pagesOfRequest, parseTransaction } from './review.ts'
import type { Model, ReviewedRequest } from './review.ts'
import { pressOf, screenOf } from './screen.ts'
import type { LedgerView } from './screen.ts'
import { createTypedDraft } from './typed-draft.ts'

/** A software device with a screen and buttons that takes the real commands. Its tokens are worth nothing. */
export type PracticeLedger = {
  /**
   * Takes one command and gives its answer; one that asks the person waits for the decision, and behind an older question.
   * With `signal` a client goes away and the call rejects with its reason; its question stays on the screen.
   */
  exchange(command: Uint8Array, options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array>
  screen(): PracticeScreen
  /** Presses a button; false when it does nothing now. */
  press(button: PracticeButton): boolean
  setBlindSigning(on: boolean): void
  setLocked(locked: boolean): void
  /** Called after every change with what the screen shows then. */
  onChange(listener: (screen: PracticeScreen) => void): Undo
}

export function createPracticeLedger(o: { keys: PracticeKeys; model: Model }): PracticeLedger {
  const settings = { blindSigning: false, locked: false }
  let refusal = false
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  const desk = createReviewDesk(changed)
  const view = (): LedgerView => ({ model: o.model, ...settings, review: desk.review(), refusal })
  const app = createEthereumApp({
    ...o,
    desk,
    blindSigning: () => settings.blindSigning,
    onRefusal(shown) {
      refusal = shown
      changed()
    },
  })

  return {
    async exchange(command, { signal } = {}) {
      if (settings.locked) return answer(status.locked)
      const apdu = parseApdu(command)
      if (apdu === null) return answer(status.wrongLength)
      return unlessGone(signal, () => app(apdu, signal))
    },
    screen: () => screenOf(view()),
    press(button) {
      const press = pressOf(view(), button)
      if (press === null) return false
      if (press.kind !== 'dismiss') desk.press(press)
      else {
        refusal = false
        changed()
      }
      return true
    },
    setBlindSigning(on) {
      settings.blindSigning = on
      changed()
    },
    setLocked(locked) {
      settings.locked = locked
      changed()
    },
    onChange(listener) {
      const entry = () => listener(screenOf(view()))
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}

type AppParts = {
  readonly keys: PracticeKeys
  readonly model: Model
  readonly desk: ReturnType<typeof createReviewDesk>
  blindSigning(): boolean
  /** Something was refused because it cannot be shown, or, with false, no longer stands there. */
  onRefusal(shown: boolean): void
}

/** The Ethereum app: what it answers, and when it asks. */
function createEthereumApp({ keys, model, desk, blindSigning, onRefusal }: AppParts) {
  let partial: Partial | null = null
  const typed = createTypedDraft()

  async function answerTo(request: DeviceRequest): Promise<Uint8Array> {
    if (request.kind === 'app') return appAnswer()
    if (request.kind === 'configuration') return configurationAnswer(blindSigning())
    if (request.kind === 'typedPart') {
      if (!blindSigning()) return refuse()
      return answer(typed.add(request.part) ? status.ok : status.invalidData)
    }
    if (request.kind === 'typedEnd') return blindSigning() ? askTyped(request.path) : refuse()
    if (request.kind === 'address' && !request.display) {
      const key = await keys(request.path)
      return key === null ? answer(status.pathNotAllowed) : answerRequest(request, key)
    }
    if (request.kind === 'transaction' && parseTransaction(request.bytes) === null) return answer(status.invalidData)
    return needsBlindSigning(request) && !blindSigning() ? refuse() : ask(request)
  }

  /** Because it cannot be shown in words, which is then said on the screen. */
  function refuse(): Uint8Array {
    typed.clear()
    onRefusal(true)
    return answer(status.notClearSignable)
  }

  async function askTyped(path: Path): Promise<Uint8Array> {
    const hashes = typed.end()
    return hashes === null ? answer(status.invalidData) : ask({ kind: 'typedData', path, ...hashes })
  }

  async function ask(request: ReviewedRequest): Promise<Uint8Array> {
    const release = desk.take()
    try {
      onRefusal(false)
      const key = await keys(request.path)
      if (key === null) return answer(status.pathNotAllowed)
      const approved = await desk.show(pagesOfRequest(request, computeAddress(key), model))
      return approved ? answerRequest(request, key) : answer(status.refused)
    } finally {
      release()
    }
  }

  return async (apdu: Apdu, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    while (asksPerson(apdu) && desk.taken()) {
      await desk.nextFree()
      signal?.throwIfAborted()
    }
    const meant = interpret(apdu, partial)
    // Commands that are answered in between leave the parts of a text alone.
    if (asksPerson(apdu)) partial = meant.kind === 'answer' ? meant.partial : null
    return meant.kind === 'answer' ? answer(meant.status) : answerTo(meant.request)
  }
}

/** The work goes on when the client goes away; only the answer has nobody to go to. */
function unlessGone<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
  const done = work()
  if (signal === undefined) return done
  return new Promise((resolve, reject) => {
    const gone = () => reject(signal.reason as Error)
    signal.addEventListener('abort', gone, { once: true })
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
  })
}
