import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

export type Tone = 'plain' | 'good' | 'warning' | 'bad' | 'ember'

const looks: Readonly<Record<Tone, string>> = {
  plain: 'bg-raised text-soft',
  good: 'bg-moss-wash text-moss',
  warning: 'bg-honey-wash text-honey',
  bad: 'bg-rust-wash text-rust',
  ember: 'bg-glow text-ember',
}

/** A short fact on a tinted ground. The words carry the meaning; the tone only repeats it. */
export function Badge({
  tone = 'plain',
  className,
  children,
}: {
  tone?: Tone
  className?: string
  children: ReactNode
}): ReactElement {
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap',
        looks[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
