import type { Page } from './review.ts'
import type { LedgerView, Press } from './screen.ts'

/** The one place on the device where a question can lie. */
export type ReviewDesk = {
  /** True from the moment that a question is taken on until it is answered. */
  taken(): boolean
  /** Resolves when the desk is free; look at `taken` again, since others waited too. */
  nextFree(): Promise<void>
  /** Keeps the desk for one question; the result frees it. Only when it is free. */
  take(): () => void
  /** Puts the pages on the screen; resolves with the person's decision. */
  show(pages: readonly Page[]): Promise<boolean>
  /** What lies there, for the screen. */
  review(): LedgerView['review']
  /** Turns a page or decides. */
  press(press: Exclude<Press, { kind: 'dismiss' }>): void
}

export function createReviewDesk(onChange: () => void): ReviewDesk {
  let taken = false
  let shown: { readonly pages: readonly Page[]; page: number; decide(approved: boolean): void } | null = null
  const waiting: (() => void)[] = []
  return {
    taken: () => taken,
    nextFree: () => new Promise((resolve) => void waiting.push(resolve)),
    take() {
      taken = true
      return () => {
        taken = false
        for (const go of waiting.splice(0)) go()
      }
    },
    show(pages) {
      return new Promise((decide) => {
        shown = { pages, page: 0, decide }
        onChange()
      })
    },
    review: () => shown,
    press(press) {
      if (shown === null) return
      if (press.kind === 'turn') shown.page = press.page
      else {
        const { decide } = shown
        // Taken away at once: a second press must not meet a question that is decided.
        shown = null
        decide(press.approved)
      }
      onChange()
    },
  }
}
