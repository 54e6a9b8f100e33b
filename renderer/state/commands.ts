import { create } from 'zustand'
import { request } from '../bridge/hearth.ts'
import type { Failure } from '../bridge/hearth.ts'
import type { RequestArgument, RequestChannel } from '../bridge/types.ts'

type CommandState = {
  /** Channels whose answer is awaited; their buttons show it and do nothing more. */
  readonly pending: ReadonlySet<RequestChannel>
  /** The last failure that the person has not dismissed. */
  readonly failure: Failure | null
}

export const useCommandStore = create<CommandState>(() => ({ pending: new Set(), failure: null }))

/** Sends what a person asked for. Returns whether it was done; a failure is put where every screen shows it. */
export async function runCommand<C extends RequestChannel>(channel: C, argument: RequestArgument<C>): Promise<boolean> {
  if (useCommandStore.getState().pending.has(channel)) return false
  useCommandStore.setState(({ pending }) => ({ pending: new Set([...pending, channel]), failure: null }))
  const result = await request(channel, argument)
  useCommandStore.setState(({ pending }) => ({
    pending: new Set([...pending].filter((other) => other !== channel)),
    failure: result.ok ? null : result.error,
  }))
  return result.ok
}

export function dismissFailure(): void {
  useCommandStore.setState({ failure: null })
}

/** True while the answer to a command of this channel is awaited. */
export function usePending(channel: RequestChannel): boolean {
  return useCommandStore(({ pending }) => pending.has(channel))
}
