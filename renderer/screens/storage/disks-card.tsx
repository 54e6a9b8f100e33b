import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { shownDisks } from './describe-disk.ts'
import type { ShownDisk } from './describe-disk.ts'
import { DiskDialog } from './disk-dialog.tsx'
import type { DiskQuestion } from './disk-dialog.tsx'
import { DiskItem } from './disk-item.tsx'

/** Every disk of the role with its state, use and speed, and what can be done with it. */
export function DisksCard({ view }: { view: RoleView }): ReactElement {
  const [question, setQuestion] = useState<DiskQuestion | null>(null)
  const shown = shownDisks(view.intent.disks, view.status?.disks ?? [])
  const ask = (kind: 'limit' | 'move' | 'remove' | 'lose', disk: ShownDisk): void => setQuestion({ kind, disk })
  return (
    <Card
      heading={t('disks.heading')}
      aside={
        <Button size="small" onClick={() => setQuestion({ kind: 'add' })}>
          {t('disks.add')}
        </Button>
      }
    >
      <p className="mb-5 text-soft">{t('disks.lead')}</p>
      <ul className="flex flex-col divide-y divide-line">
        {shown.map((disk) => (
          <DiskItem
            key={disk.intent.path ?? ''}
            disk={disk}
            isOnly={shown.filter((other) => !other.intent.leaving).length < 2}
            movesPaused={view.intent.movesPaused}
            onAsk={(kind) => ask(kind, disk)}
          />
        ))}
      </ul>
      <DiskDialog question={question} intent={view.intent} onClose={() => setQuestion(null)} />
    </Card>
  )
}
