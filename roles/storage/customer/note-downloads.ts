import { RefusedError } from './errors.ts'
import type { FetchBytes } from './fetch-segment.ts'
import { PaymentError } from './payer.ts'
import type { ProviderBook, RetrievalNote } from './provider-book.ts'

/** Notes written at once: each write waits for the disk, and a download must not. */
const notesPerWrite = 32

/** A fetch whose outcomes are remembered; `flush` writes what is not yet on disk. */
export type NotedFetch = { readonly fetchBytes: FetchBytes; flush(): void }

/**
 * Fetches as `fetchBytes` does and notes in the book how it went; what the customer itself cut off is not noted. `isCovered`
 * tells whether the lock with a node pays for what is fetched.
 */
export function noteDownloads(
  fetchBytes: FetchBytes,
  book: Pick<ProviderBook, 'noteRetrievals'>,
  isCovered: (node: string) => boolean,
): NotedFetch {
  let notes: RetrievalNote[] = []
  const flush = (): void => {
    const due = notes
    notes = []
    if (due.length > 0) book.noteRetrievals(due)
  }
  return {
    flush,
    async fetchBytes(piece, target, options) {
      const startedMs = performance.now()
      const note = (outcome: RetrievalNote['outcome']): void => {
        const tookMs = performance.now() - startedMs
        notes.push({
          node: piece.node,
          atSeconds: Math.floor(Date.now() / 1000),
          outcome,
          bytes: target.length,
          tookMs,
        })
        if (notes.length >= notesPerWrite) flush()
      }
      try {
        await fetchBytes(piece, target, options)
        note('served')
      } catch (error) {
        if (!options.signal.aborted) note(isRefusal(error, isCovered(piece.node)) ? 'refused' : 'failed')
        throw error
      }
    },
  }
}

/**
 * Asking another price than agreed is a refusal, and so is taking no voucher that the lock covers. A home that is paused or busy,
 * lost the piece, or finds fault with a request or a voucher failed: that is bad luck or bad care, no unwillingness.
 */
function isRefusal(error: unknown, covered: boolean): boolean {
  if (error instanceof PaymentError) return covered || error.code === 'PRICE_BROKEN'
  return error instanceof RefusedError && error.refusal === 'priceChanged'
}
