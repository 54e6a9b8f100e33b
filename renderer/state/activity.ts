import { create } from 'zustand'
import { request, subscribe } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { Activity } from '../bridge/types.ts'

const pageSize = 50

export type ActivityState = {
  /** Newest first, without gaps or repeats. */
  readonly entries: readonly Activity[]
  readonly phase: 'loading' | 'ready' | 'failed'
  readonly failure: Failure | null
  /** True once the oldest entry is loaded. */
  readonly complete: boolean
}

export type ActivityFilter = 'all' | 'good' | 'attention'

const untouched: ActivityState = { entries: [], phase: 'loading', failure: null, complete: false }

export const useActivityStore = create<ActivityState>(() => untouched)

/** Loads the newest page and adds what happens until the undo is called. */
export function followActivity(): () => void {
  const undo = subscribe('activity:added', (entry) => activityArrived([entry]))
  void loadOlderActivity()
  return undo
}

/** Loads the page before the oldest entry that is known. */
export async function loadOlderActivity(): Promise<void> {
  const beforeId = useActivityStore.getState().entries.at(-1)?.id ?? null
  useActivityStore.setState({ phase: 'loading', failure: null })
  const result = await request('activity:list', { beforeId, limit: pageSize }, { timeoutMs: 15_000 })
  if (!result.ok) return useActivityStore.setState({ phase: 'failed', failure: result.error })
  activityArrived(result.value)
  useActivityStore.setState(({ complete }) => ({
    phase: 'ready',
    complete: complete || result.value.length < pageSize,
  }))
}

/** Merges entries by id; an event that also comes with a page is kept once. */
export function activityArrived(arrived: readonly Activity[]): void {
  useActivityStore.setState(({ entries }) => ({ entries: mergeActivity(entries, arrived) }))
}

/** Entries of both lists, newest first, each id once. */
export function mergeActivity(known: readonly Activity[], arrived: readonly Activity[]): readonly Activity[] {
  const byId = new Map([...known, ...arrived].map((entry) => [entry.id, entry]))
  return [...byId.values()].sort((left, right) => right.id - left.id)
}

/** Entries that pass a filter. */
export function filterActivity(entries: readonly Activity[], filter: ActivityFilter): readonly Activity[] {
  switch (filter) {
    case 'all':
      return entries
    case 'good':
      return entries.filter((entry) => entry.level === 'good')
    case 'attention':
      return entries.filter((entry) => entry.level === 'warning' || entry.level === 'error')
  }
}
