import type { ReactElement } from 'react'
import { Button } from '../components/button.tsx'
import { HearthArch } from '../components/hearth-arch.tsx'
import { t } from '../format/message.ts'
import type { Failure } from '../state/snapshot.ts'
import { describeFailure } from '../format/failure.ts'

/** The whole window when nothing can be shown: what happened, what to do. */
export function ErrorView({ failure, onRetry }: { failure: Failure; onRetry: () => void }): ReactElement {
  const { message, action } = describeFailure(failure)
  return (
    <main className="grid min-h-dvh place-items-center p-8">
      <div className="flex max-w-[34rem] flex-col items-start gap-5">
        <HearthArch heat="cold" label={t('overview.heat.cold')} className="h-28" />
        <div role="alert">
          <h1 className="text-2xl font-semibold tracking-[-0.02em]">{t('error.title')}</h1>
          <p className="mt-2 wrap-anywhere">{message}</p>
          {action !== null && <p className="mt-2 text-soft wrap-anywhere">{action}</p>}
          <p className="mt-2 text-sm text-soft">{t('error.code', { code: failure.code })}</p>
        </div>
        <Button tone="primary" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      </div>
    </main>
  )
}
