import { useEffect } from 'react'
import type { PieceRow } from '../bridge/types.ts'
import { createResource } from './resource.ts'
import type { Resource } from './resource.ts'
import { selectRole } from './selectors.ts'
import { useSnapshot } from './snapshot.ts'

export const piecesPerPage = 10

const { useStore, refresh } = createResource('storage:pieces')

/** One page of pieces, asked again when the number of pieces or the last proven round changes. */
export function usePieces(page: number): Resource<{ readonly total: number; readonly rows: readonly PieceRow[] }> {
  const count = useSnapshot((snapshot) => selectRole(snapshot, 'storage')?.status?.storage?.pieces ?? 0)
  const proven = useSnapshot((snapshot) => selectRole(snapshot, 'storage')?.status?.storage?.lastProvenPeriod ?? null)
  useEffect(() => void refreshPieces(page), [page, count, proven])
  return useStore()
}

export function refreshPieces(page: number): Promise<void> {
  return refresh({ offset: page * piecesPerPage, limit: piecesPerPage })
}
