import type { ReactElement } from 'react'
import { Skeleton } from '../components/skeleton.tsx'
import { t } from '../format/message.ts'

/** The window's outline while the first snapshot is on its way; the same places as the real one. */
export function StartSkeleton(): ReactElement {
  return (
    <main aria-busy="true" className="min-h-dvh rail:pl-24 wide:pl-64">
      <h1 className="sr-only">{t('app.loading')}</h1>
      <div className="fixed inset-y-0 left-0 hidden w-24 border-r border-line bg-rail rail:block wide:w-64" />
      <div className="mx-auto flex max-w-[68rem] flex-col gap-6 p-5 rail:p-8 wide:p-10">
        <Skeleton className="h-9 w-48" />
        <Skeleton className="h-72 w-full rounded-card" />
        <Skeleton className="h-40 w-full rounded-card" />
      </div>
    </main>
  )
}
