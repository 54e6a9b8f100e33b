import { Circle, CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactElement } from 'react'
import { describeActivity } from '../format/activity.ts'
import { shortenIdentifier } from '../format/identifier.ts'
import { t } from '../format/message.ts'
import { cn } from './cn.ts'
import { Moment } from './moment.tsx'

export type ActivityEntry = {
  readonly id: number
  readonly atMs: number
  readonly role: 'storage' | 'render' | 'energy' | 'indexing' | 'relay' | null
  readonly level: 'info' | 'good' | 'warning' | 'error'
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
  readonly transactionHash: string | null
}

const looks = {
  info: { icon: Circle, color: 'text-edge' },
  good: { icon: CircleCheck, color: 'text-moss' },
  warning: { icon: TriangleAlert, color: 'text-honey' },
  error: { icon: CircleAlert, color: 'text-rust' },
} as const

/** One line of the log, for inside an `ol`. `detailed` adds the role and the record on the network. */
export function ActivityLine({
  entry,
  nowMs,
  detailed = false,
}: {
  entry: ActivityEntry
  nowMs: number
  detailed?: boolean
}): ReactElement {
  const look = looks[entry.level]
  return (
    <li className="flex items-start gap-3.5 py-3">
      <look.icon
        aria-label={t(`activity.level.${entry.level}`)}
        role="img"
        className={cn('mt-[3px] size-4 shrink-0', look.color)}
      />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">{describeActivity(entry)}</p>
        {detailed && <Details entry={entry} />}
      </div>
      <Moment atMs={entry.atMs} nowMs={nowMs} className="shrink-0 text-sm text-soft tabular-nums" />
    </li>
  )
}

function Details({ entry }: { entry: ActivityEntry }): ReactElement | null {
  if (entry.role === null && entry.transactionHash === null) return null
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-soft">
      {entry.role !== null && <span>{t(`role.${entry.role}`)}</span>}
      {entry.transactionHash !== null && (
        <span title={entry.transactionHash} className="tabular-nums">
          {t('activity.record', { hash: shortenIdentifier(entry.transactionHash) })}
        </span>
      )}
    </p>
  )
}
