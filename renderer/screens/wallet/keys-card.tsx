import { useState } from 'react'
import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Account } from '../../components/identifier.tsx'
import { t } from '../../format/message.ts'
import { askConsent } from '../../state/consent.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** The role keys of this machine, and the way to take one away for ever. */
export function KeysCard(): ReactElement {
  const roles = useSnapshot((snapshot) => snapshot.roles)
  const [asked, setAsked] = useState<RoleView['role'] | null>(null)
  const keys = roles.filter((view) => view.node !== null)
  return (
    <Card heading={t('wallet.keys.heading')}>
      <p className="mb-4 max-w-[44rem] text-soft">{t('wallet.keys.lead')}</p>
      {keys.length === 0 ? (
        <p>{t('wallet.keys.none')}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {keys.map((view) => (
            <KeyRow key={view.role} view={view} onRevoke={() => setAsked(view.role)} />
          ))}
        </ul>
      )}
      {asked !== null && <RevokeDialog role={asked} onClose={() => setAsked(null)} />}
    </Card>
  )
}

function stateOf(bound: boolean | null): { readonly tone: Tone; readonly word: 'bound' | 'unbound' | 'unknown' } {
  if (bound === null) return { tone: 'plain', word: 'unknown' }
  return bound ? { tone: 'good', word: 'bound' } : { tone: 'warning', word: 'unbound' }
}

function KeyRow({ view, onRevoke }: { view: RoleView; onRevoke: () => void }): ReactElement {
  const { tone, word } = stateOf(view.boundOnChain)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-3 font-medium">
          {t(`role.${view.role}`)}
          <Badge tone={tone}>{t(`wallet.keys.${word}`)}</Badge>
        </h3>
        <Account address={view.node ?? ''} copyLabel={t('wallet.keys.copy')} />
      </div>
      {view.boundOnChain === true && (
        <Button size="small" onClick={onRevoke}>
          {t('wallet.keys.revoke')}
        </Button>
      )}
    </li>
  )
}

const consequences = ['atOnce', 'keep', 'work'] as const

/** What taking a key away means, before the review. */
function RevokeDialog({ role, onClose }: { role: RoleView['role']; onClose: () => void }): ReactElement {
  const review = (): void => {
    onClose()
    void askConsent({ kind: 'revoke', role })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('wallet.keys.dialog.title', { role: t(`role.${role}`) })}
      description={t('wallet.keys.dialog.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="danger" onClick={review}>
            {t('wallet.keys.dialog.confirm')}
          </Button>
        </>
      }
    >
      <ul className="mt-5 flex list-disc flex-col gap-2 rounded-2xl bg-raised p-4 pl-9">
        {consequences.map((name) => (
          <li key={name}>{t(`wallet.keys.dialog.${name}`)}</li>
        ))}
      </ul>
    </Dialog>
  )
}
