import type { ReactElement } from 'react'
import { PercentField } from '../../components/percent-field.tsx'
import { t } from '../../format/message.ts'
import { formatPercent } from '../../format/number.ts'
import { leastShare } from './use-share-choice.ts'
import type { ShareChoice } from './use-share-choice.ts'

/** How much of the card may be used; the same in the question and on the page. */
export function ShareField({ choice }: { choice: ShareChoice }): ReactElement {
  return (
    <PercentField
      label={t('render.share.label')}
      share={choice.share}
      least={leastShare}
      onChange={choice.choose}
      text={t('render.share.text', { share: formatPercent(choice.share) })}
    />
  )
}
