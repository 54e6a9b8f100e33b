import { useEffect } from 'react'
import type { EarningsOverview, LedgerPage } from '../bridge/types.ts'
import { createResource } from './resource.ts'
import type { Resource } from './resource.ts'
import { useSnapshot } from './snapshot.ts'

const overview = createResource('earnings:overview')
/** The table turns its pages; what needs the newest rows or the sums has an answer of its own. */
const newestRows = createResource('earnings:ledger')
const tableRows = createResource('earnings:ledger')

export const ledgerRowsPerPage = 20

/** Asks for the figures of the earnings page again whenever the books move; once, by the page itself. */
export function useFollowEarnings(): void {
  const moved = useBooksMoved()
  useEffect(() => {
    void refreshEarningsOverview()
    void newestRows.refresh({ offset: 0, limit: ledgerRowsPerPage })
  }, [moved])
}

/** Figures of the earnings page, as `useFollowEarnings` last got them. */
export function useEarningsOverview(): Resource<EarningsOverview> {
  return overview.useStore()
}

export function refreshEarningsOverview(): Promise<void> {
  return overview.refresh(undefined)
}

/** The newest payments and the sums over all, as `useFollowEarnings` last got them. */
export function useNewestPayments(): Resource<LedgerPage> {
  return newestRows.useStore()
}

/** One page of the ledger, newest first, asked again whenever the books move. */
export function useLedger(page: number): Resource<LedgerPage> {
  const moved = useBooksMoved()
  useEffect(() => void refreshLedger(page), [page, moved])
  return tableRows.useStore()
}

export function refreshLedger(page: number): Promise<void> {
  return tableRows.refresh({ offset: page * ledgerRowsPerPage, limit: ledgerRowsPerPage })
}

/** Text that changes when something was earned, claimed or moved. */
function useBooksMoved(): string {
  return useSnapshot(({ earnings }) =>
    earnings === null ? '' : [earnings.earnedWei, earnings.claimedWei, earnings.movedToStakeWei].join(' '),
  )
}
