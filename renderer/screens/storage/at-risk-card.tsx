import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Moment } from '../../components/moment.tsx'
import { Money } from '../../components/money.tsx'
import { TakenList } from '../../components/taken-list.tsx'
import { t } from '../../format/message.ts'
import { spanInWords } from '../../format/span.ts'
import { useNow } from '../../state/clock.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { StakeView } from '../../state/snapshot.ts'

/** What is staked, what the next missed proof costs, what was taken and for what. Nothing until it is read. */
export function AtRiskCard(): ReactElement | null {
  const stake = useSnapshot((snapshot) => snapshot.stake)
  if (stake === null) return null
  const window = spanInWords(stake.windowMs)
  const empty = stake.provisionWei === '0' && stake.slashedWei === '0'
  return (
    <Card heading={t('risk.heading')}>
      <p className="mb-5 text-soft">{t(empty ? 'risk.none' : 'risk.lead')}</p>
      <Facts facts={factsOf(stake, window)} />
      <div className="mt-5 flex flex-col gap-3 border-t border-line pt-4 text-sm text-soft">
        <p>{t('risk.rule', { window })}</p>
        {stake.openSets > 0 && !empty && <p>{t('risk.open', { count: stake.openSets })}</p>}
      </div>
      <Taken stake={stake} />
    </Card>
  )
}

function factsOf(stake: StakeView, window: string): { name: string; value: ReactNode }[] {
  const missed = t('risk.missedCount', { count: stake.faultsInWindow, window })
  const facts: { name: string; value: ReactNode }[] = [
    { name: t('risk.deposit'), value: <Amount wei={stake.provisionWei} testId="stake-provision" /> },
    { name: t('risk.most'), value: <Amount wei={stake.atRiskWei} testId="stake-at-risk" /> },
    { name: t('risk.missed'), value: missed },
    { name: t('risk.next'), value: <NextCost wei={stake.nextFaultCostsWei} /> },
  ]
  if (stake.unbondingWei !== '0') facts.push({ name: t('risk.back'), value: <OnItsWay stake={stake} /> })
  return facts
}

function Amount({ wei, testId }: { wei: string; testId?: string }): ReactElement {
  return <Money wei={wei} currency={useCurrency()} {...(testId === undefined ? {} : { testId })} />
}

function NextCost({ wei }: { wei: string }): ReactElement {
  return wei === '0' ? <>{t('risk.nextPay')}</> : <Amount wei={wei} testId="stake-next-fault" />
}

function OnItsWay({ stake }: { stake: StakeView }): ReactElement {
  const nowMs = useNow()
  return (
    <>
      <Amount wei={stake.unbondingWei} testId="stake-unbonding" /> ·{' '}
      <Moment atMs={stake.unbondingEndsAtMs} nowMs={nowMs} />
    </>
  )
}

function Taken({ stake }: { stake: StakeView }): ReactElement {
  return (
    <div className="mt-5 border-t border-line pt-4">
      <TakenList taken={stake.taken} currency={useCurrency()} nowMs={useNow()} />
      {stake.slashedWei !== '0' && (
        <p className="mt-3 flex flex-wrap justify-between gap-x-4 text-sm">
          <span className="text-soft">{t('risk.takenTotal')}</span>
          <Amount wei={stake.slashedWei} testId="stake-slashed" />
        </p>
      )}
    </div>
  )
}
