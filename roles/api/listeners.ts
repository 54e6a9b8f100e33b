import type { Undo } from './values.ts'

/** Listeners of one event. Whoever subscribes gets the undo; one that throws does not keep the others from hearing. */
export type Listeners<T> = {
  add(listener: (value: T) => void): Undo
  tell(value: T): void
  clear(): void
}

/** Makes an empty set of listeners; `onError` hears what a listener threw. */
export function createListeners<T>(onError: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<(value: T) => void>()
  return {
    add(listener) {
      // Wrapped so that the same function may subscribe twice and each undo ends its own subscription.
      const own = (value: T) => listener(value)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value)
        } catch (error) {
          onError(error)
        }
      }
    },
    clear: () => listeners.clear(),
  }
}
