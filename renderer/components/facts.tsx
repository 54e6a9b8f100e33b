import type { ReactElement, ReactNode } from 'react'

/** Pairs of name and value, one a line. */
export function Facts({
  facts,
}: {
  facts: readonly { readonly name: string; readonly value: ReactNode }[]
}): ReactElement {
  return (
    <dl className="divide-y divide-line">
      {facts.map(({ name, value }) => (
        <div key={name} className="flex flex-wrap items-baseline gap-x-6 gap-y-0.5 py-3 first:pt-0 last:pb-0">
          <dt className="min-w-0 flex-[1_1_9rem] text-soft">{name}</dt>
          <dd className="ml-auto text-right font-medium wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
