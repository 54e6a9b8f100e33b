import type { EarningsOverview } from '../../state/snapshot.ts'

export const spanNames = ['today', 'sevenDays', 'thirtyDays', 'lifetime'] as const

export type SpanName = (typeof spanNames)[number]

/** A part of a span's total; the key is null for what belongs to none of those named. */
export type SpanRow = { readonly key: string | null; readonly wei: string }

type Span = EarningsOverview[SpanName]

/** Parts by kind of work, largest first; with a last row where they do not make up the whole. */
export function roleRows(span: Span): readonly SpanRow[] {
  return completeRows(Object.entries(span.byRole), span.earnedWei)
}

/** Parts by key, which stands for one computer and kind of work, largest first. */
export function nodeRows(span: Span): readonly SpanRow[] {
  return completeRows(Object.entries(span.byNode), span.earnedWei)
}

function completeRows(parts: readonly (readonly [string, string])[], total: string): readonly SpanRow[] {
  const rows = parts
    .map(([key, wei]) => ({ key, wei }))
    .filter(({ wei }) => wei !== '0')
    .sort((left, right) => (BigInt(right.wei) > BigInt(left.wei) ? 1 : -1))
  const rest = rows.reduce((left, { wei }) => left - BigInt(wei), BigInt(total))
  return rest > 0n ? [...rows, { key: null, wei: rest.toString() }] : rows
}
