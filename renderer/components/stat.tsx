import type { ReactElement, ReactNode } from 'react'

/** A figure with its name and, below, what it means. Put several into a `StatList`. */
export function Stat({ label, hint, children }: { label: string; hint?: string; children: ReactNode }): ReactElement {
  return (
    <div className="flex min-w-24 flex-1 flex-col">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="mt-1 text-2xl font-semibold tracking-[-0.02em] tabular-nums">{children}</dd>
      {hint !== undefined && <dd className="mt-1 text-sm text-soft">{hint}</dd>}
    </div>
  )
}

export function StatList({ children }: { children: ReactNode }): ReactElement {
  return <dl className="flex flex-wrap gap-x-8 gap-y-5">{children}</dl>
}
