import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Money } from '../../components/money.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { describeWei } from '../../format/money.ts'
import { formatMoment } from '../../format/time.ts'
import { microToWei, weiToMicro } from '../../format/tokens.ts'
import { useNow } from '../../state/clock.ts'
import { askConsent } from '../../state/consent.ts'
import { refreshEarningsOverview, useEarningsOverview } from '../../state/earnings-overview.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { EarningsOverview, EarningsSummary } from '../../state/snapshot.ts'
import { describeFee, isDearClaim } from './judge-claim.ts'
import { MinimumDialog } from './minimum-dialog.tsx'

/** What can be claimed, whether it pays today, and the way to the review. */
export function ClaimCard({ earnings }: { earnings: EarningsSummary }): ReactElement {
  const { value, failure } = useEarningsOverview()
  const ready = useSnapshot(({ network }) => network.kind === 'ready')
  const micro = weiToMicro(earnings.claimableWei)
  return (
    <Card heading={t('earnings.claim.heading')}>
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <Money wei={earnings.claimableWei} currency={useCurrency()} size="hero" testId="claimable" />
        <Button
          tone="primary"
          disabled={micro === '0' || !ready}
          onClick={() => void askConsent({ kind: 'claim', micro })}
        >
          {t('earnings.claim.action')}
        </Button>
      </div>
      <p className="mt-4 max-w-[44rem] text-soft">{t('earnings.claim.what')}</p>
      <div className="mt-5 border-t border-line pt-5">
        {value !== null && <Advice advice={value.advice} />}
        {value === null && failure === null && <SkeletonRows rows={2} />}
        {value === null && failure !== null && (
          <LoadFailure failure={failure} onRetry={() => void refreshEarningsOverview()} />
        )}
      </div>
    </Card>
  )
}

function Advice({ advice }: { advice: EarningsOverview['advice'] }): ReactElement {
  const [changing, setChanging] = useState(false)
  return (
    <div data-testid="claim-advice" data-verdict={advice.verdict}>
      {isDearClaim(advice) && (
        <Notice
          tone="warning"
          title={t('earnings.claim.quarter')}
          text={t('earnings.claim.quarterText')}
          className="mb-4"
        />
      )}
      <p className="mb-4 font-medium">{t(`earnings.claim.verdict.${advice.verdict}`)}</p>
      <Facts facts={useAdviceFacts(advice, () => setChanging(true))} />
      {changing && <MinimumDialog micro={advice.ownMinimumMicro} onClose={() => setChanging(false)} />}
    </div>
  )
}

function useAdviceFacts(
  advice: EarningsOverview['advice'],
  onChangeMinimum: () => void,
): { name: string; value: ReactNode }[] {
  const currency = useCurrency()
  const nowMs = useNow(60_000)
  const fee = describeFee(advice, currency)
  const minimum =
    advice.ownMinimumMicro === '0'
      ? t('earnings.claim.minimumNone')
      : describeWei(microToWei(advice.ownMinimumMicro), currency)
  const breakEven =
    advice.breakEvenAtMs === null
      ? []
      : [{ name: t('earnings.claim.breakEven'), value: formatMoment(advice.breakEvenAtMs, nowMs) }]
  return [
    { name: t('earnings.claim.fee'), value: fee },
    ...breakEven,
    {
      name: t('earnings.claim.minimum'),
      value: (
        <span className="inline-flex flex-wrap items-center gap-3">
          {minimum}
          <Button size="small" onClick={onChangeMinimum}>
            {t('earnings.claim.minimumChange')}
          </Button>
        </span>
      ),
    },
  ]
}
