import { createListeners } from '../../api/listeners.ts'
import type { Undo } from '../../api/values.ts'

/** Messages of a surface: what comes before anybody listens is kept for the first who does. */
export type Mailbox = { tell(message: unknown): void; onMessage(listener: (message: unknown) => void): Undo }

/** The page may speak in the same moment in which its window is there, before its opener can have subscribed. */
export function createMailbox(onError: (error: unknown) => void): Mailbox {
  const listeners = createListeners<unknown>(onError)
  let early: unknown[] | null = []
  return {
    tell(message) {
      if (early === null) listeners.tell(message)
      else early.push(message)
    },
    onMessage(listener) {
      const undo = listeners.add(listener)
      queueMicrotask(() => {
        const kept = early ?? []
        early = null
        for (const message of kept) listeners.tell(message)
      })
      return undo
    },
  }
}
