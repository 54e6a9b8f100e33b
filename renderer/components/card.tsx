import { useId } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

export type CardProps = {
  readonly heading?: string
  /** Stands at the end of the heading's line. */
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A surface with one subject; with a heading it is a landmark of that name. */
export function Card({ heading, aside, className, children }: CardProps): ReactElement {
  const id = useId()
  if (heading === undefined) return <div className={cn('card p-6', className)}>{children}</div>
  return (
    <section aria-labelledby={id} className={cn('card p-6', className)}>
      <div className="mb-4 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={id} className="text-[1.0625rem] font-semibold tracking-[-0.01em]">
          {heading}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** A titled stretch of a page that holds cards of its own. */
export function Section({ heading, aside, className, children }: CardProps & { heading: string }): ReactElement {
  const id = useId()
  return (
    <section aria-labelledby={id} className={className}>
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={id} className="text-[1.0625rem] font-semibold tracking-[-0.01em]">
          {heading}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
