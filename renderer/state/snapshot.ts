import { create } from 'zustand'
import { request, subscribe } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { Snapshot } from '../bridge/types.ts'
import { currencyOf } from './selectors.ts'
import type { Currency } from './selectors.ts'
import { shareStructure } from './share-structure.ts'

export type { Failure } from '../bridge/hearth.ts'
export type * from '../bridge/types.ts'

export type SnapshotState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'ready'; readonly snapshot: Snapshot; readonly currency: Currency }

/** The one copy of what main last told. Only `followSnapshot` writes it. */
export const useSnapshotStore = create<{ readonly state: SnapshotState }>(() => ({ state: { kind: 'loading' } }))

/** Keeps the store in step with main until the undo is called. Subscribes first, so that no change falls between. */
export function followSnapshot(): () => void {
  const undo = subscribe('snapshot:changed', snapshotArrived)
  void loadSnapshot()
  return undo
}

/** Asks for the snapshot once, at start and when a person tries again. */
export async function loadSnapshot(): Promise<void> {
  const result = await request('snapshot:get', undefined, { timeoutMs: 15_000 })
  if (result.ok) snapshotArrived(result.value, 'answer')
  else useSnapshotStore.setState(({ state }) => ({ state: afterFailure(state, result.error) }))
}

/** A failed question does not take away what is already on screen. */
function afterFailure(state: SnapshotState, failure: Failure): SnapshotState {
  return state.kind === 'ready' ? state : { kind: 'failed', failure }
}

/** Takes a snapshot in; an older one, such as a late answer after a newer event, is ignored. */
export function snapshotArrived(next: Snapshot, origin: 'event' | 'answer' = 'event'): void {
  useSnapshotStore.setState(({ state }) => {
    if (state.kind !== 'ready')
      return { state: { kind: 'ready', snapshot: next, currency: currencyOf(next.network, null) } }
    if (origin === 'answer' && next.atMs < state.snapshot.atMs) return { state }
    const snapshot = shareStructure(state.snapshot, next)
    const currency = shareStructure(state.currency, currencyOf(next.network, state.currency))
    return { state: { kind: 'ready', snapshot, currency } }
  })
}

/**
 * A part of the snapshot. Only below the gate of the app, which renders screens once there is a snapshot; throws elsewhere.
 * The selector must return a part of the snapshot or a primitive, never a new object.
 */
export function useSnapshot<T>(selector: (snapshot: Snapshot) => T): T {
  return useSnapshotStore(({ state }) => {
    if (state.kind !== 'ready') throw new Error('A screen was rendered before the first snapshot.')
    return selector(state.snapshot)
  })
}

/** How amounts are shown; kept from the last time that the network answered. */
export function useCurrency(): Currency {
  return useSnapshotStore(({ state }) => {
    if (state.kind !== 'ready') throw new Error('An amount was rendered before the first snapshot.')
    return state.currency
  })
}
