import type { Undo } from '../../roles/api/values.ts'
import type { DeviceState } from '../api/wallet.ts'

/** Keeps the state of a device and tells of changes. */
export type StateCell = {
  get(): DeviceState
  /** Listeners hear of it only when it differs. */
  set(state: DeviceState): void
  subscribe(listener: (state: DeviceState) => void): Undo
  /** Forgets the listeners. */
  end(): void
}

export function createStateCell(first: DeviceState = { kind: 'unknown' }): StateCell {
  let current = first
  const listeners = new Set<(state: DeviceState) => void>()
  return {
    get: () => current,
    set(state) {
      if (JSON.stringify(state) === JSON.stringify(current)) return
      current = state
      for (const listener of [...listeners]) listener(state)
    },
    subscribe(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry = (state: DeviceState) => listener(state)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    end: () => listeners.clear(),
  }
}
