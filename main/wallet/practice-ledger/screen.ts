import type { PracticeButton, PracticeScreen } from '../../api/wallet.ts'
import { refusalLines } from './review.ts'
import type { Model, Page } from './review.ts'

/** All that decides what is on the screen. */
export type LedgerView = {
  readonly model: Model
  readonly blindSigning: boolean
  readonly locked: boolean
  /** The question on the screen and the page that is turned up, or null. */
  readonly review: { readonly pages: readonly Page[]; readonly page: number } | null
  /** A refused request left its reason on the screen. */
  readonly refusal: boolean
}

/** What a press does. */
export type Press =
  | { readonly kind: 'turn'; readonly page: number }
  | { readonly kind: 'decide'; readonly approved: boolean }
  | { readonly kind: 'dismiss' }

/** What is on the screen, and which buttons do something. Pure. */
export function screenOf(view: LedgerView): PracticeScreen {
  const { model, blindSigning, locked } = view
  const page = pageOf(view)
  const buttons = locked ? [] : practiceButtons.filter((button) => pressOf(view, button) !== null)
  return { model, lines: [...page.lines], page: page.page, pages: page.pages, buttons, blindSigning, locked }
}

const practiceButtons: readonly PracticeButton[] = ['left', 'right', 'both', 'back', 'reject', 'next', 'confirm']

function pageOf({ model, locked, review, refusal }: LedgerView) {
  const single = (lines: readonly string[]) => ({ lines, page: 1, pages: 1 })
  if (locked) return single(['Locked'])
  if (review !== null) {
    return { lines: review.pages[review.page]?.lines ?? [], page: review.page + 1, pages: review.pages.length }
  }
  return single(refusal ? refusalLines(model) : ['Practice Ledger', 'Ethereum app', 'is ready'])
}

/** What a button does now; null when it does nothing. Pure. */
export function pressOf(view: LedgerView, button: PracticeButton): Press | null {
  if (view.locked) return null
  if (view.review !== null) return view.model === 'touch' ? touch(view.review, button) : click(view.review, button)
  if (view.refusal && button === (view.model === 'touch' ? 'back' : 'both')) return { kind: 'dismiss' }
  return null
}

type Review = NonNullable<LedgerView['review']>

function touch({ pages, page }: Review, button: PracticeButton): Press | null {
  switch (button) {
    case 'back':
      return page > 0 ? { kind: 'turn', page: page - 1 } : null
    case 'next':
      return page + 1 < pages.length ? { kind: 'turn', page: page + 1 } : null
    case 'reject':
      return { kind: 'decide', approved: false }
    case 'confirm':
      return pages[page]?.kind === 'decide' ? { kind: 'decide', approved: true } : null
    case 'left':
    case 'right':
    case 'both':
      return null
  }
}

function click({ pages, page }: Review, button: PracticeButton): Press | null {
  const kind = pages[page]?.kind
  switch (button) {
    case 'left':
      return page > 0 ? { kind: 'turn', page: page - 1 } : null
    case 'right':
      return page + 1 < pages.length ? { kind: 'turn', page: page + 1 } : null
    case 'both':
      return kind === 'approve' || kind === 'reject' ? { kind: 'decide', approved: kind === 'approve' } : null
    case 'back':
    case 'next':
    case 'reject':
    case 'confirm':
      return null
  }
}
