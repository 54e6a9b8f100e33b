import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { RecordMark } from './identifier.tsx'
import { Moment } from './moment.tsx'
import { Money } from './money.tsx'
import type { MoneyProps } from './money.tsx'

type Taken = {
  readonly amountWei: string
  readonly missedAtMs: number | null
  readonly elsewhere?: boolean | undefined
  readonly transactionHash: string
}

/** Parts of a deposit that were taken, newest first, each with its reason; with `records`, also with its evidence to copy. */
export function TakenList(props: {
  taken: readonly Taken[]
  currency: MoneyProps['currency']
  nowMs: number
  records?: boolean
}): ReactElement {
  return (
    <>
      <h3 className="text-sm font-medium text-soft">{t('risk.taken')}</h3>
      {props.taken.length === 0 ? (
        <p className="mt-1.5 text-sm text-soft">{t('risk.takenNone')}</p>
      ) : (
        <ol className="mt-1.5 flex flex-col gap-1.5 text-sm">
          {props.taken.map((taken) => (
            <li
              key={`${taken.transactionHash} ${taken.missedAtMs}`}
              className="flex flex-wrap items-center justify-between gap-x-4"
            >
              <Money wei={taken.amountWei} currency={props.currency} />
              <span className="text-soft">
                {t(taken.elsewhere === true ? 'risk.takenElsewhere' : 'risk.takenMissed')}
              </span>
              {taken.missedAtMs !== null && (
                <Moment atMs={taken.missedAtMs} nowMs={props.nowMs} className="text-soft" />
              )}
              {props.records === true && (
                <RecordMark hash={taken.transactionHash} copyLabel={t('earnings.deposit.copyRecord')} />
              )}
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
