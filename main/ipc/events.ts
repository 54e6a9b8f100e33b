import type { EventChannel, EventPayload } from '../api/channels.ts'
import { eventChannels } from '../api/channels.ts'
import type { Log, Undo } from '../../roles/api/values.ts'
import type { EngineSlot } from './engine-slot.ts'

export type EventNeeds = {
  readonly slot: EngineSlot
  /** Hands a message to the window; does nothing when there is none. */
  readonly send: (channel: EventChannel, payload: unknown) => void
  /** Checks what is sent, as the door checks results. */
  readonly checkPayloads: boolean
  readonly log: Log
}

/** Tells the window what changes in the engine, until undone. */
export function forwardEvents({ slot, send, checkPayloads, log }: EventNeeds): Undo {
  const forward = <C extends EventChannel>(channel: C, payload: EventPayload<C>) => {
    const problem = checkPayloads ? eventChannels[channel].safeParse(payload).error : undefined
    if (problem !== undefined) log.error('event does not fit its schema', { channel, problem: problem.message })
    else send(channel, payload)
  }
  const undos = [
    slot.onSnapshot((snapshot) => forward('snapshot:changed', snapshot)),
    slot.onActivity((activity) => forward('activity:added', activity)),
  ]
  return () => undos.forEach((undo) => undo())
}
