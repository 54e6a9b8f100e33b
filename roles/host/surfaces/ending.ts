import { createListeners } from '../../api/listeners.ts'
import type { Undo } from '../../api/values.ts'

/** The end of a surface, which comes once, with its reason, and is told to those who ask later too. */
export type Ending = {
  isOver(): boolean
  /** Ends it, for the reason that was named before where there was one. */
  end(): void
  /** Names the reason of an end that is about to come. */
  because(reason: string): void
  onClose(listener: (reason: string) => void): Undo
}

/** `reason` is told when nobody names another one before the end. */
export function createEnding(reason: string): Ending {
  const listeners = createListeners<string>(warnOf)
  let over = false
  return {
    isOver: () => over,
    end() {
      if (over) return
      over = true
      listeners.tell(reason)
      listeners.clear()
    },
    because(named) {
      if (!over) reason = named
    },
    onClose(listener) {
      if (!over) return listeners.add(listener)
      queueMicrotask(() => listener(reason))
      return () => {}
    },
  }
}

/** A listener that throws is a bug of its owner; the surface goes on and the owner's process says it. */
export function warnOf(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
