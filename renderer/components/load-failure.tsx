import type { ReactElement } from 'react'
import { describeFailure } from '../format/failure.ts'
import { t } from '../format/message.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** In place of something that could not be loaded: the reason and the way to try again. */
export function LoadFailure(props: {
  failure: { readonly code: string; readonly message: string; readonly action: string | null }
  onRetry: () => void
}): ReactElement {
  const { message, action } = describeFailure(props.failure)
  const retry = (
    <Button size="small" onClick={props.onRetry}>
      {t('action.retry')}
    </Button>
  )
  return <Notice tone="bad" title={t('error.load', { message })} text={action} actions={retry} />
}
