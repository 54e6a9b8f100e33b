import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import { request } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { RequestArgument, RequestChannel, RequestResult } from '../bridge/types.ts'

/** One thing that a person asked for and whose answer is shown where it was asked. */
export type Task<T> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * Store of one request that a person makes by a button. A second press while it runs does nothing; after `reset` the answer
 * that is still on its way is dropped. `timeoutMs` is longer than usual where main asks the person something meanwhile.
 */
export function createTask<C extends RequestChannel>(
  channel: C,
  options: { readonly timeoutMs: number },
): {
  readonly useStore: UseBoundStore<StoreApi<Task<RequestResult<C>>>>
  run(argument: RequestArgument<C>): Promise<void>
  reset(): void
} {
  const useStore = create<Task<RequestResult<C>>>(() => ({ kind: 'idle' }))
  const asked = { count: 0 }
  async function run(argument: RequestArgument<C>): Promise<void> {
    if (useStore.getState().kind === 'running') return
    const question = ++asked.count
    useStore.setState({ kind: 'running' }, true)
    const result = await request(channel, argument, options)
    if (question !== asked.count) return
    useStore.setState(
      result.ok ? { kind: 'done', value: result.value } : { kind: 'failed', failure: result.error },
      true,
    )
  }
  function reset(): void {
    asked.count++
    useStore.setState({ kind: 'idle' }, true)
  }
  return { useStore, run, reset }
}
