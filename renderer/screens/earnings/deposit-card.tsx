import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { TakenList } from '../../components/taken-list.tsx'
import { t } from '../../format/message.ts'
import { formatMoment } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { StakeView } from '../../state/snapshot.ts'
import { DepositDialog } from './deposit-dialog.tsx'

type Question = 'add' | 'ask'

/** The deposit behind the work: how much, what is on its way back, what was taken and why, and both ways to change it. */
export function DepositCard({ claimableWei }: { claimableWei: string }): ReactElement | null {
  const stake = useSnapshot((snapshot) => snapshot.stake)
  return stake === null ? null : <DepositOf stake={stake} claimableWei={claimableWei} />
}

function DepositOf({ stake, claimableWei }: { stake: StakeView; claimableWei: string }): ReactElement {
  const [question, setQuestion] = useState<Question | null>(null)
  const freeWei = (BigInt(stake.provisionWei) - BigInt(stake.unbondingWei)).toString()
  const buttons = (
    <div className="flex flex-wrap gap-3">
      <Button size="small" disabled={claimableWei === '0'} onClick={() => setQuestion('add')}>
        {t('earnings.deposit.add')}
      </Button>
      <Button size="small" disabled={freeWei === '0' || stake.openSets > 0} onClick={() => setQuestion('ask')}>
        {t('earnings.deposit.ask')}
      </Button>
    </div>
  )
  return (
    <Card heading={t('earnings.deposit.heading')} aside={buttons}>
      <p className="mb-4 max-w-[44rem] text-soft">
        {t(stake.provisionWei === '0' ? 'earnings.deposit.none' : 'earnings.deposit.lead')}
      </p>
      <Facts facts={useStakeFacts(stake)} />
      {stake.openSets > 0 && freeWei !== '0' && (
        <p className="mt-4 text-sm text-soft">{t('earnings.deposit.open', { count: stake.openSets })}</p>
      )}
      <div className="mt-5 border-t border-line pt-4">
        <TakenList taken={stake.taken} currency={useCurrency()} nowMs={useNow(60_000)} records />
      </div>
      {question !== null && (
        <DepositDialog
          question={question}
          mostWei={question === 'add' ? claimableWei : freeWei}
          onClose={() => setQuestion(null)}
        />
      )}
    </Card>
  )
}

function useStakeFacts(stake: StakeView): { name: string; value: ReactNode }[] {
  const currency = useCurrency()
  const nowMs = useNow()
  const back =
    stake.unbondingWei === '0'
      ? []
      : [
          {
            name: t('earnings.deposit.back'),
            value: <Money wei={stake.unbondingWei} currency={currency} testId="deposit-back" />,
          },
          {
            name: t('earnings.deposit.backEnds'),
            value: stake.unbondingEndsAtMs === null ? t('value.unknown') : formatMoment(stake.unbondingEndsAtMs, nowMs),
          },
        ]
  return [
    {
      name: t('earnings.deposit.now'),
      value: <Money wei={stake.provisionWei} currency={currency} testId="deposit-now" />,
    },
    ...back,
    { name: t('earnings.deposit.lost'), value: <Money wei={stake.slashedWei} currency={currency} /> },
  ]
}
