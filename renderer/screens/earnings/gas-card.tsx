import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Account } from '../../components/identifier.tsx'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import { formatCoin } from '../../format/tokens.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { GasView } from '../../state/snapshot.ts'

/** The account that pays the fees of this machine: how full it is, how long it lasts, how to top it up. */
export function GasCard(): ReactElement | null {
  const gas = useSnapshot((snapshot) => snapshot.gas)
  const { practice } = useCurrency()
  if (gas === null) return null
  return (
    <Card heading={t('earnings.gas.heading')}>
      <p className="mb-5 max-w-[44rem] text-soft">{t('earnings.gas.lead')}</p>
      {gas.low && (
        <div className="mb-5" data-testid="gas-low">
          <Notice
            tone="warning"
            title={t('earnings.gas.low')}
            text={t('earnings.gas.lowText', { count: gas.proofsLeft })}
          />
        </div>
      )}
      <Facts facts={factsOf(gas)} />
      <p className="mt-4 max-w-[44rem] text-sm text-soft">
        {t('earnings.gas.how')} {practice === true && t('earnings.gas.practice')}
      </p>
    </Card>
  )
}

function factsOf(gas: GasView): { name: string; value: ReactNode }[] {
  const coins = (wei: string): string => t('earnings.gas.levelValue', { amount: formatCoin(wei) })
  return [
    { name: t('earnings.gas.level'), value: coins(gas.balanceWei) },
    { name: t('earnings.gas.proofs'), value: t('earnings.gas.proofsValue', { count: gas.proofsLeft }) },
    { name: t('earnings.gas.spent'), value: coins(gas.spentLastDayWei) },
    {
      name: t('earnings.gas.limit'),
      value: gas.dailyLimitWei === null ? t('earnings.gas.limitNone') : coins(gas.dailyLimitWei),
    },
    { name: t('earnings.gas.address'), value: <Account address={gas.address} copyLabel={t('earnings.gas.copy')} /> },
  ]
}
