import type { ReactElement } from 'react'
import type { Tone } from './badge.tsx'
import { cn } from './cn.ts'

const looks: Readonly<Record<Tone, string>> = {
  plain: 'border-2 border-edge',
  good: 'bg-moss',
  warning: 'border-[3px] border-honey',
  bad: 'rounded-[2px] bg-rust',
  ember: 'bg-ember-fill',
}

/** A mark beside a state in words; its shape differs too, so that colour is not needed. */
export function StatusDot({ tone, className }: { tone: Tone; className?: string }): ReactElement {
  return (
    <span
      data-fill
      aria-hidden="true"
      className={cn('inline-block size-2.5 shrink-0 rounded-full', looks[tone], className)}
    />
  )
}
