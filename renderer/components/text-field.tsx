import { useId } from 'react'
import type { ReactElement } from 'react'
import { cn } from './cn.ts'

/** A labelled line to type in; `problem` says what is wrong with what stands there. */
export function TextField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  problem?: string | null
  numeric?: boolean
  wide?: boolean
  className?: string
}): ReactElement {
  const id = useId()
  const problem = props.problem ?? null
  const described = problem !== null ? `${id}-problem` : props.hint !== undefined ? `${id}-hint` : undefined
  return (
    <div className={props.className}>
      <label htmlFor={id} className="mb-1 block font-medium">
        {props.label}
      </label>
      <input
        id={id}
        type="text"
        inputMode={props.numeric === true ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
        value={props.value}
        aria-invalid={problem !== null}
        aria-describedby={described}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        className={cn(
          'h-11 rounded-xl border border-edge bg-surface px-3 tabular-nums aria-invalid:border-rust',
          props.wide === true ? 'w-full font-mono text-sm' : 'w-full max-w-56',
        )}
      />
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-sm text-rust">
          {problem}
        </p>
      )}
      {problem === null && props.hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {props.hint}
        </p>
      )}
    </div>
  )
}
