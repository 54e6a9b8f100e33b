import type { ReactElement } from 'react'
import { cn } from './cn.ts'

/** A row of two to five choices that filter what is below; each is a toggle button. */
export function Segments<V extends string>(props: {
  label: string
  value: V
  options: readonly { readonly value: V; readonly label: string }[]
  onChoose: (value: V) => void
}): ReactElement {
  return (
    <div role="group" aria-label={props.label} className="inline-flex flex-wrap gap-1 rounded-xl bg-raised p-1">
      {props.options.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChoose(value)}
          className={cn(
            'min-h-9 rounded-lg px-3 text-sm font-medium text-soft transition-colors hover:text-ink',
            value === props.value && 'bg-surface text-ink shadow-card ring-1 ring-edge/40',
          )}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
