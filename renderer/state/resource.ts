import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import { request } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { RequestArgument, RequestChannel, RequestResult } from '../bridge/types.ts'
import { shareStructure } from './share-structure.ts'

/** Something that is asked for, shown while it is asked again, and may fail. */
export type Resource<T> = {
  readonly value: T | null
  readonly phase: 'loading' | 'ready' | 'failed'
  readonly failure: Failure | null
}

/** Store of one request's last answer. `refresh` keeps the old value on screen; only the newest question's answer counts. */
export function createResource<C extends RequestChannel>(
  channel: C,
): {
  readonly useStore: UseBoundStore<StoreApi<Resource<RequestResult<C>>>>
  refresh(argument: RequestArgument<C>): Promise<void>
} {
  type State = Resource<RequestResult<C>>
  const useStore = create<State>(() => ({ value: null, phase: 'loading', failure: null }))
  const asked = { count: 0 }
  async function refresh(argument: RequestArgument<C>): Promise<void> {
    const question = ++asked.count
    useStore.setState({ phase: 'loading', failure: null })
    const result = await request(channel, argument, { timeoutMs: 15_000 })
    if (question !== asked.count) return
    useStore.setState(({ value }) =>
      result.ok
        ? { value: shareStructure(value, result.value), phase: 'ready', failure: null }
        : { phase: 'failed', failure: result.error },
    )
  }
  return { useStore, refresh }
}
