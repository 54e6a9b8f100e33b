import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Moment } from '../../components/moment.tsx'
import { shortenIdentifier } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatCount } from '../../format/number.ts'
import { useActivityStore } from '../../state/activity.ts'
import { useNow } from '../../state/clock.ts'
import type { Activity, RoleView } from '../../state/snapshot.ts'

const recentShown = 4

/** What was proven, what comes next, and the latest proofs with their records. */
export function ProofsCard({ view }: { view: RoleView }): ReactElement {
  const nowMs = useNow()
  const storage = view.status?.storage ?? null
  const facts = [
    { name: t('storage.proofs.thisRound'), value: thisRound(storage) },
    { name: t('storage.proofs.last'), value: lastProven(storage) },
    { name: t('storage.proofs.next'), value: <NextProof atMs={storage?.nextProofAtMs ?? null} nowMs={nowMs} /> },
  ]
  return (
    <Card heading={t('storage.proofs.heading')}>
      <p className="mb-5 text-soft">{t('storage.proofs.lead')}</p>
      <Facts facts={facts} />
      <RecentProofs nowMs={nowMs} />
    </Card>
  )
}

function NextProof({ atMs, nowMs }: { atMs: number | null; nowMs: number }): ReactElement {
  return atMs === null ? <>{t('value.unknown')}</> : <Moment atMs={atMs} nowMs={nowMs} />
}

function thisRound(storage: NonNullable<RoleView['status']>['storage']): string {
  if (storage === null) return t('value.unknown')
  return t('storage.proofs.provenOf', { proven: formatCount(storage.provenSets), total: formatCount(storage.dataSets) })
}

function lastProven(storage: NonNullable<RoleView['status']>['storage']): string {
  if (storage === null || storage.lastProvenPeriod === null) return t('time.never')
  if (storage.currentPeriod === null) return round(storage.lastProvenPeriod)
  return t('storage.proofs.ago', { rounds: Math.max(0, storage.currentPeriod - storage.lastProvenPeriod) })
}

function round(period: number | null): string {
  return period === null ? t('time.never') : t('storage.proofs.round', { round: formatCount(period) })
}

function RecentProofs({ nowMs }: { nowMs: number }): ReactElement {
  const entries = useActivityStore((state) => state.entries)
  const proofs = entries.filter((entry) => entry.code === 'proofAccepted').slice(0, recentShown)
  return (
    <div className="mt-5 border-t border-line pt-4">
      <h3 className="text-sm font-medium text-soft">{t('storage.proofs.recent')}</h3>
      {proofs.length === 0 ? (
        <p className="mt-1.5 text-sm text-soft">{t('storage.proofs.none')}</p>
      ) : (
        <ol className="mt-1.5 flex flex-col gap-1.5 text-sm">
          {proofs.map((proof) => (
            <ProofLine key={proof.id} proof={proof} nowMs={nowMs} />
          ))}
        </ol>
      )}
    </div>
  )
}

function ProofLine({ proof, nowMs }: { proof: Activity; nowMs: number }): ReactElement {
  const period = Number(proof.values['period'])
  return (
    <li className="flex flex-wrap justify-between gap-x-4 tabular-nums">
      <span className="font-medium">{round(Number.isFinite(period) ? period : null)}</span>
      {proof.transactionHash !== null && (
        <span title={proof.transactionHash} className="text-soft">
          {t('activity.record', { hash: shortenIdentifier(proof.transactionHash) })}
        </span>
      )}
      <Moment atMs={proof.atMs} nowMs={nowMs} className="text-soft" />
    </li>
  )
}
