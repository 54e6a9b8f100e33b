import { useState } from 'react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { DataTable } from '../../components/data-table.tsx'
import type { Column } from '../../components/data-table.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Money } from '../../components/money.tsx'
import { Segments } from '../../components/segments.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { shortenIdentifier } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatWei } from '../../format/money.ts'
import { refreshEarningsOverview, useEarningsOverview } from '../../state/earnings-overview.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { EarningsOverview, RoleView } from '../../state/snapshot.ts'
import { nodeRows, roleRows, spanNames } from './span-rows.ts'
import type { SpanName, SpanRow } from './span-rows.ts'

/** What came in over a time, by kind of work and by computer. */
export function SpansCard(): ReactElement {
  const [span, setSpan] = useState<SpanName>('sevenDays')
  const { value, failure } = useEarningsOverview()
  const options = spanNames.map((name) => ({ value: name, label: t(`earnings.spans.${name}`) }))
  return (
    <Card
      heading={t('earnings.spans.heading')}
      aside={<Segments label={t('earnings.spans.choose')} value={span} options={options} onChoose={setSpan} />}
    >
      {value !== null && <SpanView span={value[span]} />}
      {value === null && failure === null && <SkeletonRows rows={3} />}
      {value === null && failure !== null && (
        <LoadFailure failure={failure} onRetry={() => void refreshEarningsOverview()} />
      )}
    </Card>
  )
}

function SpanView({ span }: { span: EarningsOverview[SpanName] }): ReactElement {
  const roles = useSnapshot((snapshot) => snapshot.roles)
  return (
    <>
      <Money wei={span.earnedWei} currency={useCurrency()} size="stat" testId="span-total" />
      {span.earnedWei === '0' ? (
        <p className="mt-3 text-soft">{t('earnings.spans.none')}</p>
      ) : (
        <div className="mt-5 grid gap-x-10 gap-y-6 wide:grid-cols-2">
          <SpanTable heading={t('earnings.spans.byRole')} rows={roleRows(span)} nameOf={roleName} />
          <SpanTable
            heading={t('earnings.spans.byDevice')}
            rows={nodeRows(span)}
            nameOf={(key) => deviceName(key, roles)}
          />
        </div>
      )}
    </>
  )
}

function roleName(key: string | null): string {
  return key === null ? t('earnings.spans.rest') : t(`role.${key as RoleView['role']}`)
}

/** A key of this machine by its work, another by its own mark. */
function deviceName(key: string | null, roles: readonly RoleView[]): string {
  if (key === null) return t('earnings.spans.rest')
  const own = roles.find(({ node }) => node !== null && node.toLowerCase() === key.toLowerCase())
  return own === undefined
    ? t('earnings.spans.elsewhere', { key: shortenIdentifier(key) })
    : t('earnings.spans.here', { role: t(`role.${own.role}`) })
}

function SpanTable(props: {
  heading: string
  rows: readonly SpanRow[]
  nameOf: (key: string | null) => string
}): ReactElement {
  const { symbol, practice } = useCurrency()
  const unit = practice === true ? `${symbol}, ${t('money.practice')}` : symbol
  const columns: readonly Column<SpanRow>[] = [
    { key: 'name', heading: props.heading, cell: ({ key }) => <span title={key ?? ''}>{props.nameOf(key)}</span> },
    {
      key: 'amount',
      heading: t('storage.earned.amount', { symbol: unit }),
      align: 'end',
      cell: ({ wei }) => formatWei(wei, { allDigits: true }),
    },
  ]
  return <DataTable caption={props.heading} columns={columns} rows={props.rows} rowKey={({ key }) => key ?? 'rest'} />
}
