import type { ReactElement, ReactNode } from 'react'
import { t } from '../format/message.ts'
import { cn } from './cn.ts'

export type Column<R> = {
  readonly key: string
  readonly heading: string
  readonly align?: 'start' | 'end'
  cell(row: R): ReactNode
}

/** A table that scrolls sideways on its own when the window is narrow, reachable by keyboard. */
export function DataTable<R>(props: {
  caption: string
  columns: readonly Column<R>[]
  rows: readonly R[]
  rowKey: (row: R) => string
  className?: string
}): ReactElement {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={t('table.region', { caption: props.caption })}
      className={cn('relative overflow-x-auto rounded-xl', props.className)}
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-soft">
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={cn(
                  'py-2 pr-4 font-medium whitespace-nowrap last:pr-1',
                  column.align === 'end' && 'text-right',
                )}
              >
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.rowKey(row)} className="border-b border-line/70 last:border-0">
              {props.columns.map((column) => (
                <td
                  key={column.key}
                  className={cn(
                    'h-11 pr-4 whitespace-nowrap tabular-nums last:pr-1',
                    column.align === 'end' && 'text-right',
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
