import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/facts.tsx'
import { Account } from '../../components/identifier.tsx'
import { Notice } from '../../components/notice.tsx'
import { TextField } from '../../components/text-field.tsx'
import { groupAddress } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatMoment } from '../../format/time.ts'
import { readAddress } from '../../format/tokens.ts'
import { useNow } from '../../state/clock.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { askConsent } from '../../state/consent.ts'
import type { PayoutView, WalletView } from '../../state/snapshot.ts'
import { describePayout } from './describe-payout.ts'

/** Where claims go, whether the device once confirmed it, and a change that waits. */
export function PayoutCard({ wallet }: { wallet: WalletView }): ReactElement | null {
  const [changing, setChanging] = useState(false)
  const { payout, account } = wallet
  if (payout === null) return null
  const change =
    payout.pending === null ? <Button onClick={() => setChanging(true)}>{t('wallet.payout.change')}</Button> : undefined
  return (
    <Card heading={t('wallet.payout.heading')} aside={change}>
      {payout.differs && <Differs payout={payout} />}
      {payout.pending !== null && <Pending pending={payout.pending} />}
      <Facts
        facts={[
          {
            name: t('wallet.payout.address'),
            value: (
              <span data-testid="payout-address" data-address={payout.address}>
                <Account address={payout.address} copyLabel={t('wallet.payout.copy')} />
                <span className="block text-sm font-normal text-soft">{describePayout(payout, account)}</span>
              </span>
            ),
          },
        ]}
      />
      {changing && <ChangeDialog current={payout.address} onClose={() => setChanging(false)} />}
    </Card>
  )
}

/** The network names an account that no device of this computer confirmed: a change of hands, or a thief. */
function Differs({ payout }: { payout: PayoutView }): ReactElement {
  const chain = groupAddress(payout.address)
  const text =
    payout.confirmedAddress === null
      ? t('wallet.payout.differsNever', { chain })
      : t('wallet.payout.differsText', { chain, confirmed: groupAddress(payout.confirmedAddress) })
  return (
    <div className="mb-5" data-testid="payout-differs">
      <Notice tone="bad" title={t('wallet.payout.differs')} text={text} />
    </div>
  )
}

function Pending({ pending }: { pending: NonNullable<PayoutView['pending']> }): ReactElement {
  const nowMs = useNow()
  const finishing = usePending('payout:finish')
  const ripe = pending.effectiveAtMs <= nowMs
  const when = formatMoment(pending.effectiveAtMs, nowMs)
  const text = t('wallet.payout.pendingText', { when, to: groupAddress(pending.to) })
  return (
    <div className="mb-5" data-testid="payout-pending" data-ripe={ripe}>
      <Notice
        tone="warning"
        title={t('wallet.payout.pending')}
        text={ripe ? `${text} ${t('wallet.payout.ripe')}` : text}
        actions={
          <>
            <Button size="small" onClick={() => void askConsent({ kind: 'cancelPayout' })}>
              {t('wallet.payout.cancel')}
            </Button>
            {ripe && (
              <Button size="small" pending={finishing} onClick={() => void runCommand('payout:finish', undefined)}>
                {t('wallet.payout.finish')}
              </Button>
            )}
          </>
        }
      />
    </div>
  )
}

function ChangeDialog({ current, onClose }: { current: string; onClose: () => void }): ReactElement {
  const [to, setTo] = useState('')
  const address = readAddress(to)
  const usable = address !== null && address.toLowerCase() !== current.toLowerCase()
  const review = (): void => {
    if (address === null) return
    onClose()
    void askConsent({ kind: 'payout', to: address })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('wallet.payout.title')}
      description={t('wallet.payout.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" disabled={!usable} onClick={review}>
            {t('wallet.send.review')}
          </Button>
        </>
      }
    >
      <TextField
        className="mt-5"
        label={t('wallet.payout.to')}
        value={to}
        onChange={setTo}
        wide
        problem={to !== '' && address === null ? t('wallet.send.toProblem') : null}
      />
    </Dialog>
  )
}
