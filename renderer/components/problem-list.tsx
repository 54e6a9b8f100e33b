import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { Notice } from './notice.tsx'

type Problem = { readonly code: string; readonly message: string; readonly action: string | null }

/** Open problems of a worker, worst first, each with what to do. Nothing when there is none. */
export function ProblemList({ problems }: { problems: readonly Problem[] }): ReactElement | null {
  if (problems.length === 0) return null
  return (
    <section aria-label={t('status.problems')} className="flex flex-col gap-3">
      {problems.map((problem) => (
        <Notice key={problem.code} tone="warning" title={problem.message} text={problem.action} />
      ))}
    </section>
  )
}
