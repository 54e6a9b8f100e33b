import type { ReactElement } from 'react'
import { cn } from './cn.ts'

/** Holds the place of something that is loading. Give it the size of what comes. */
export function Skeleton({ className }: { className?: string }): ReactElement {
  return <div aria-hidden="true" className={cn('skeleton', className)} />
}

/** Rows of a list or table that is loading. */
export function SkeletonRows({ rows, className }: { rows: number; className?: string }): ReactElement {
  return (
    <div className="flex flex-col gap-3">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className={cn('h-11 w-full', className)} />
      ))}
    </div>
  )
}
