import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'

/** What a person must know who also keeps files of their own with others (PROTOCOL 5.7): nobody repairs them unasked. */
export function OwnFilesCard(): ReactElement {
  return (
    <Card heading={t('ownFiles.heading')}>
      <div className="flex max-w-[44rem] flex-col gap-3">
        <p>{t('ownFiles.lead')}</p>
        <p data-testid="own-files-repair" className="font-medium">
          {t('ownFiles.repair')}
        </p>
        <p className="text-soft">{t('ownFiles.more')}</p>
      </div>
    </Card>
  )
}
