import { expect, it } from 'vitest'
import { RefusedError } from './errors.ts'
import { noteDownloads } from './note-downloads.ts'
import { PaymentError } from './payer.ts'
import type { RetrievalNote } from './provider-book.ts'

const node = `0x${'a'.repeat(40)}`

/** How a fetch that fails with an error is noted, where the lock pays for it or not. */
async function outcomeOf(error: Error, covered: boolean): Promise<string | undefined> {
  const notes: RetrievalNote[] = []
  const book = { noteRetrievals: (more: readonly RetrievalNote[]) => void notes.push(...more) }
  const { fetchBytes, flush } = noteDownloads(
    () => Promise.reject(error),
    book,
    () => covered,
  )
  const piece = { index: 0, node, operator: node, root: new Uint8Array(32) }
  const { signal } = new AbortController()
  const patience = { dialMs: 1, stallMs: 1 }
  await expect(fetchBytes(piece, new Uint8Array(1), { patience, signal })).rejects.toBe(error)
  flush()
  return notes[0]?.outcome
}

it('takes it for a refusal when a home takes no voucher that the lock covers, and for bad luck when it does not', async () => {
  const noVoucher = new PaymentError('PAYMENT_REFUSED', 'no voucher is taken')
  expect(await outcomeOf(noVoucher, true)).toBe('refused')
  expect(await outcomeOf(noVoucher, false)).toBe('failed')
})

it('takes another price than agreed for a refusal, whatever is locked', async () => {
  expect(await outcomeOf(new PaymentError('PRICE_BROKEN', 'asks more'), false)).toBe('refused')
  expect(await outcomeOf(new RefusedError('priceChanged', 'asks more'), false)).toBe('refused')
})

it.each(['paused', 'busy', 'diskFault', 'unknownPiece', 'badRequest'])(
  'takes %s for bad luck or bad care',
  async (code) => {
    expect(await outcomeOf(new RefusedError(code, 'not now'), true)).toBe('failed')
  },
)
