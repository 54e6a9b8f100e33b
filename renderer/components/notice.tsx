import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

export type NoticeProps = {
  readonly tone: 'info' | 'good' | 'warning' | 'bad'
  readonly title: string
  readonly text?: string | null
  /** True when it appears because of something the person just did. */
  readonly urgent?: boolean
  readonly actions?: ReactNode
  readonly className?: string
}

const looks = {
  info: { box: 'border-edge/50 bg-raised', mark: 'text-soft', icon: Info },
  good: { box: 'border-moss/40 bg-moss-wash', mark: 'text-moss', icon: CircleCheck },
  warning: { box: 'border-honey/40 bg-honey-wash', mark: 'text-honey', icon: TriangleAlert },
  bad: { box: 'border-rust/40 bg-rust-wash', mark: 'text-rust', icon: CircleAlert },
} as const

/** Says what happened and what to do about it. */
export function Notice({ tone, title, text, urgent = false, actions, className }: NoticeProps): ReactElement {
  const look = looks[tone]
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      className={cn('flex flex-wrap items-start gap-x-4 gap-y-3 rounded-2xl border p-4', look.box, className)}
    >
      <look.icon aria-hidden="true" className={cn('mt-0.5 size-5 shrink-0', look.mark)} />
      <div className="min-w-48 flex-1">
        <p className="font-medium wrap-anywhere">{title}</p>
        {text !== undefined && text !== null && text !== '' && (
          <p className="mt-0.5 max-w-[44rem] text-soft wrap-anywhere">{text}</p>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
