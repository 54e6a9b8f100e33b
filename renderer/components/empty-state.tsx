import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

/** Nothing is here, what that means, and what to do if anything. */
export function EmptyState(props: {
  icon: ReactNode
  title: string
  text: string
  className?: string
  children?: ReactNode
}): ReactElement {
  return (
    <div className={cn('flex items-start gap-4 rounded-2xl border border-dashed border-edge/60 p-5', props.className)}>
      <span aria-hidden="true" className="mt-0.5 shrink-0 text-soft [&_svg]:size-5">
        {props.icon}
      </span>
      <div>
        <p className="font-medium">{props.title}</p>
        <p className="mt-0.5 max-w-[38rem] text-soft">{props.text}</p>
        {props.children !== undefined && <div className="mt-3">{props.children}</div>}
      </div>
    </div>
  )
}
