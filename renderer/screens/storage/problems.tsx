import type { ReactElement } from 'react'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** Open problems of the worker, worst first, each with what to do. */
export function Problems({ view }: { view: RoleView }): ReactElement | null {
  const problems = view.status?.problems ?? []
  if (problems.length === 0) return null
  return (
    <section aria-label={t('storage.problems.heading')} className="flex flex-col gap-3">
      {problems.map((problem) => (
        <Notice key={problem.code} tone="warning" title={problem.message} text={problem.action} />
      ))}
    </section>
  )
}
